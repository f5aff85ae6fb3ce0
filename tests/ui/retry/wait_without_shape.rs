#[festoon::retry(wait = 50ms)]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
