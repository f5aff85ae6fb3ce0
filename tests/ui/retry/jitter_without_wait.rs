#[festoon::retry(wait = fixed(0ms), jitter = full)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
