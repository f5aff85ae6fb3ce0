use festoon::circuit_breaker;

#[circuit_breaker]
fn load(path: &str) -> Result<usize, String> {
    Ok(path.len())
}

fn main() {}
