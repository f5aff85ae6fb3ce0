#[circuit_breaker(window = 0, failure_rate = 50%, slow_rate = 0.0, probes = 0, minimum = -1)]
fn zero() -> Option<u32> {
    None
}

#[circuit_breaker(threshold = 5, open = 3s, window = 10, minimum = 20)]
fn named() -> Option<u32> {
    None
}

#[circuit_breaker(open_for = length)]
fn argument(length: Duration) -> Option<u32> {
    None
}
