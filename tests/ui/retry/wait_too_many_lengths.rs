#[festoon::retry(wait = exponential(50ms, 2s))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
