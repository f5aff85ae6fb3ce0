fn with() {
    ::core::compile_error! {
        "unexpected end of input, expected curly braces"
    }
}
