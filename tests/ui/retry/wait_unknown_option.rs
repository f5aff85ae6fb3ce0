#[festoon::retry(wait = fixed(50ms, factor = 2))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
