#[festoon::retry(attempts = 5_000_000_000)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
