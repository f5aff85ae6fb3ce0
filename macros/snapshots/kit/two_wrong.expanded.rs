fn price(sku: &str) -> u8 {
    1
}
::core::compile_error! {
    "`#[timed]` has no option `nam`, did you mean `name`?"
}
::core::compile_error! {
    "`max = 0` would cache nothing: raise it, or remove `#[cached]`"
}
