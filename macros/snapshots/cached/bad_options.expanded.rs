pub fn name(id: u64, lang: &str) -> String {
    format!("{id}{lang}")
}
::core::compile_error! {
    "cannot combine `key` and `skip`: arguments that are not in `key` are skipped already"
}
::core::compile_error! {
    "`max` and `unbounded` contradict each other: keep one of them"
}
::core::compile_error! {
    "`max = 0` would cache nothing: raise it, or remove `#[cached]`"
}
::core::compile_error! {
    "`#[cached]` has no option `tll`, did you mean `ttl`?"
}
