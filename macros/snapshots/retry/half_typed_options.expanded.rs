fn f() -> Option<u8> {
    None
}
::core::compile_error! {
    "this is not yet an expression"
}
::core::compile_error! {
    "this is not yet an expression"
}
