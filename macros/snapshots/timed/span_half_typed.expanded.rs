fn g() {}
::core::compile_error! {
    "a field needs a value: write `total = order.total()`, or `?order` for its `Debug`"
}
::core::compile_error! {
    "expected `Debug`, `Display` or `level = ..`"
}
::core::compile_error! {
    "`err` tells of an `Err`, but `g` returns nothing: remove `err`"
}
