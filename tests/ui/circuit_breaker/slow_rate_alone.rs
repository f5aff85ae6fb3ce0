use festoon::circuit_breaker;

#[circuit_breaker(slow_rate = 0.5)]
fn load(path: &str) -> Option<usize> {
    path.find('/')
}

fn main() {}
