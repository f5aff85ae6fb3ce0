fn f() -> Option<u8> {
    None
}
::core::compile_error! {
    "incomplete expression"
}
::core::compile_error! {
    "incomplete expression"
}
