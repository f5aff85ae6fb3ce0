struct Bad {
    field: u8,
}
::core::compile_error! {
    "`#[guard(..)]` goes above the struct, not on a field"
}
::core::compile_error! {
    "write `#[guard(..)]`"
}
::core::compile_error! {
    "`error` needs a value: write `error = ..`"
}
::core::compile_error! {
    "`#[guard]` has no option `exti`, did you mean `exit`?"
}
