fn f() -> u8 {
    1
}
::core::compile_error! {
    "`name` needs a whole expression"
}
::core::compile_error! {
    "`warn_over` needs a whole expression"
}
