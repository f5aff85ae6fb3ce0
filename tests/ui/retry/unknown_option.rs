#[festoon::retry(retries = 3)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
