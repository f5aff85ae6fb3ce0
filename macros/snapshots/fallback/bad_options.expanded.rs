fn nothing() -> Option<u32> {
    None
}
::core::compile_error! {
    "what does a failed call give? write `#[fallback(0)]` or `#[fallback(|error| ..)]`"
}
fn both() -> Option<u32> {
    None
}
::core::compile_error! {
    "a value or `or_else`, not both: one of them would never be used"
}
fn named() -> Option<u32> {
    None
}
::core::compile_error! {
    "`#[fallback]` has no option `default`: write `#[fallback(..)]`, without a name"
}
