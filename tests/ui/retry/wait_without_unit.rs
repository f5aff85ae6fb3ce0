#[festoon::retry(wait = fixed(50))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
