fn greet(name: &str) -> String {
    name.to_owned()
}
::core::compile_error! {
    "expected a function: write its path, as in `#[decorate(my_function)]`"
}
fn later(name: &str) -> String {
    name.to_owned()
}
::core::compile_error! {
    "`layer` needs a value: write `layer = ..`"
}
