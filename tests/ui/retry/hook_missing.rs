#[festoon::retry(before_sleep)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
