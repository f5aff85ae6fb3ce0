fn nothing() -> Option<u32> {
    None
}
::core::compile_error! {
    "missing fallback: write `#[fallback(0)]` or `#[fallback(|error| ..)]`"
}
fn both() -> Option<u32> {
    None
}
::core::compile_error! {
    "expected a value or `or_else`, found both: remove one of them"
}
fn named() -> Option<u32> {
    None
}
::core::compile_error! {
    "`#[fallback]` has no option `default`: write `#[fallback(..)]`, without a name"
}
