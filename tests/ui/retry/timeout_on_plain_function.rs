#[festoon::retry(timeout = 2s)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
