#[festoon::retry(wait = linear(50ms))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
