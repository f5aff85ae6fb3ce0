/// Stays, and stays first.
pub fn load(path: &str) -> io::Result<String> {
    fs::read_to_string(path)
}
::core::compile_error! {
    "the first call is an attempt too: `attempts` has to be at least 1"
}
::core::compile_error! {
    "a duration needs a unit: write `50s` or `50ms`"
}
::core::compile_error! {
    "`#[retry]` has no option `atempts`, did you mean `attempts`?"
}
