fn no_time() -> Option<usize> {
    None
}
::core::compile_error! {
    "missing period: write `#[rate_limit(100 / 1s)]`"
}
fn numbers() -> Option<usize> {
    None
}
::core::compile_error! {
    "`wait` is zero: remove it"
}
::core::compile_error! {
    "`1.5` is not a count: write a whole number, such as `1_000`"
}
fn never() -> ! {
    loop {}
}
::core::compile_error! {
    "a function that never returns cannot return a refusal: add `wait`"
}
