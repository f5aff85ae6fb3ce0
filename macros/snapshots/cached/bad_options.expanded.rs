pub fn name(id: u64, lang: &str) -> String {
    format!("{id}{lang}")
}
::core::compile_error! {
    "`key` and `skip` contradict each other: what is not in `key` is skipped already"
}
::core::compile_error! {
    "`max` and `unbounded` contradict each other: keep one of them"
}
::core::compile_error! {
    "`max = 0` would keep nothing: give it room, or remove `#[cached]`"
}
::core::compile_error! {
    "`#[cached]` has no option `tll`, did you mean `ttl`?"
}
