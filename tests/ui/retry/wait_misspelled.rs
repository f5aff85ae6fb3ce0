#[festoon::retry(wait = exponental(50ms, max = 2s))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
