#[festoon::retry(clone(name, name))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
