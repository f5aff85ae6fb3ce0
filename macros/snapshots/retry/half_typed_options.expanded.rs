fn f() -> Option<u8> {
    None
}
::core::compile_error! {
    "`max` needs a value: write `max = ..`"
}
::core::compile_error! {
    "incomplete expression"
}
