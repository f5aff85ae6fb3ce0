fn greet(name: &str) -> String {
    name.to_owned()
}
::core::compile_error! {
    "this cannot be called: write the path of a function, as in `#[decorate(my_function)]`"
}
fn later(name: &str) -> String {
    name.to_owned()
}
::core::compile_error! {
    "`layer` needs a value: write `layer = ..`"
}
