async fn nothing() -> Option<u32> {
    None
}
::core::compile_error! {
    "missing limit: write `#[timeout(2s)]`"
}
async fn zero() -> Option<u32> {
    None
}
::core::compile_error! {
    "no call could end in time: expected a limit longer than zero"
}
::core::compile_error! {
    "`#[timeout]` has no option `after`: write `#[timeout(2s)]`, without a name"
}
fn plain() -> Option<u32> {
    None
}
::core::compile_error! {
    "a duration needs a unit: write `2s` or `2ms`"
}
