use festoon::circuit_breaker;

#[circuit_breaker]
fn load(path: &str) -> usize {
    path.len()
}

fn main() {}
