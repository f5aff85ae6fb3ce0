use festoon::circuit_breaker;

#[circuit_breaker(failure_rate = 50)]
fn load(path: &str) -> Option<usize> {
    path.find('/')
}

fn main() {}
