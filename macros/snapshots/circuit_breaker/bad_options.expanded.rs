fn zero() -> Option<u32> {
    None
}
::core::compile_error! {
    "expected a window of at least one call: write `window = 100`"
}
::core::compile_error! {
    "this cannot be negative"
}
::core::compile_error! {
    "expected a share of the calls: write `failure_rate = 0.5`"
}
::core::compile_error! {
    "expected a rate above 0: at 0 even a successful call would open the breaker"
}
::core::compile_error! {
    "`probes` has to be at least 1"
}
::core::compile_error! {
    "`slow_rate` needs a limit for slow calls: add `slow = 2s`"
}
fn named() -> Option<u32> {
    None
}
::core::compile_error! {
    "`minimum` is 20, but the window has only 10 calls"
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
    "`open_for` applies to the whole program, but `length` is an argument of one call: write a constant"
}
