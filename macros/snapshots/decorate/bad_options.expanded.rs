fn nothing() {}
::core::compile_error! {
    "`#[decorate]` needs a decorator: write `#[decorate(my_function)]` or `#[decorate(layer = EXPR)]`"
}
fn all() {}
::core::compile_error! {
    "expected a function or a `layer`, found both: write two `#[decorate(..)]`"
}
::core::compile_error! {
    "`#[decorate]` has no option `layr`, did you mean `layer`?"
}
