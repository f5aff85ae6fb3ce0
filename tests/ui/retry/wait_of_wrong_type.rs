#[festoon::retry(wait = std::time::Duration::from_secs(1))]
fn find(name: &str) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
