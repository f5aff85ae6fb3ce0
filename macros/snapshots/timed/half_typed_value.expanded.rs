fn f() -> u8 {
    1
}
::core::compile_error! {
    "incomplete expression"
}
::core::compile_error! {
    "incomplete expression"
}
