#[festoon::retry(wait = decorrelated(5ms), jitter = equal)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
