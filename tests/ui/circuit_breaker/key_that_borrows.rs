use festoon::circuit_breaker;

#[circuit_breaker(key = (host, 1))]
fn load(host: &str) -> Option<usize> {
    host.find('/')
}

fn main() {}
