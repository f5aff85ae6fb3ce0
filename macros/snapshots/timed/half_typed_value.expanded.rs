fn f() -> u8 {
    1
}
::core::compile_error! {
    "this is not yet an expression"
}
::core::compile_error! {
    "this is not yet an expression"
}
