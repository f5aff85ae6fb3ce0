use festoon::circuit_breaker;

#[circuit_breaker(window = 10, minimum = 20)]
fn load(path: &str) -> Option<usize> {
    path.find('/')
}

fn main() {}
