#[circuit_breaker]
fn load(path: &str) -> Option<usize> { path. }
