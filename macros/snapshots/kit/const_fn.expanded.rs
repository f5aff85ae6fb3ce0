const fn two() -> u8 {
    2
}
::core::compile_error! {
    "`#[timed]` runs code that a `const fn` cannot: remove `const`"
}
