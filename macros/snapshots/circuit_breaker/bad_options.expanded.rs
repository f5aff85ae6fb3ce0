fn zero() -> Option<u32> {
    None
}
::core::compile_error! {
    "a window of no calls says nothing: write `window = 100`"
}
::core::compile_error! {
    "this cannot be negative"
}
::core::compile_error! {
    "a rate is a share of the calls: write `failure_rate = 0.5`"
}
::core::compile_error! {
    "a rate is above 0: at 0 even a good call would be too bad"
}
::core::compile_error! {
    "`probes` is at least 1"
}
::core::compile_error! {
    "no call is slow as long as nobody says what is: add `slow = 2s`"
}
fn named() -> Option<u32> {
    None
}
::core::compile_error! {
    "there are never 20 calls in a window of 10"
}
::core::compile_error! {
    "`#[circuit_breaker]` has no option `threshold`: write `failure_rate = 0.5`, with `minimum = 20` and `window = 100`"
}
::core::compile_error! {
    "`#[circuit_breaker]` has no option `open`: write `open_for = 30s`"
}
fn argument(length: Duration) -> Option<u32> {
    None
}
::core::compile_error! {
    "`open_for` holds for the whole program, and `length` is an argument of one call: write a constant"
}
