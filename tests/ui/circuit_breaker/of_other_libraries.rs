use festoon::circuit_breaker;

#[circuit_breaker(failure_threshold = 5, reset_timeout = 30s)]
fn load(path: &str) -> Option<usize> {
    path.find('/')
}

fn main() {}
