fn f(a: u32) -> u32 {
    a
}
::core::compile_error! {
    "`level` has to be one of `info`, `error`, `warn`, `debug`, `trace`"
}
::core::compile_error! {
    "a field needs a name: write `name = a + b`"
}
::core::compile_error! {
    "incomplete expression"
}
::core::compile_error! {
    "a field needs a value: write `total = order.total()`, or `?order` for its `Debug`"
}
::core::compile_error! {
    "a field needs a value: write `total = order.total()`, or `?order` for its `Debug`"
}
::core::compile_error! {
    "expected a `,` between fields"
}
::core::compile_error! {
    "a field needs a name: write `name = f (x)`"
}
::core::compile_error! {
    "expected a `,` between fields"
}
::core::compile_error! {
    "a field is named by words, a string or a constant: write `http.method = ..`, `\"http.method\" = ..` or `{NAME} = ..`"
}
::core::compile_error! {
    "incomplete expression"
}
::core::compile_error! {
    "a field is evaluated only if its span is enabled, so it cannot end the function or wait: record it in the body"
}
::core::compile_error! {
    "write `Debug` or `Display`, once"
}
::core::compile_error! {
    "`ret` takes no value: write `ret`"
}
::core::compile_error! {
    "`span(..)` has no option `skip`: no argument is recorded unless `fields(..)` names it"
}
::core::compile_error! {
    "`err` tells of an `Err`, but `f` returns `u32`: remove `err`"
}
