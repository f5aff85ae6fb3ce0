/// Stays, and stays first.
pub fn f(n: u64) -> u64 {
    n + 1
}
::core::compile_error! {
    "a duration needs a unit: write `5s` or `5ms`"
}
::core::compile_error! {
    "`#[timed]` has no option `nam`, did you mean `name`?"
}
