#[festoon::retry(wait = exponential)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
