use festoon::circuit_breaker;

#[circuit_breaker(open_for = wait)]
fn load(wait: std::time::Duration) -> Option<usize> {
    usize::try_from(wait.as_secs()).ok()
}

fn main() {}
