#[festoon::retry(clone(name.len()))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
