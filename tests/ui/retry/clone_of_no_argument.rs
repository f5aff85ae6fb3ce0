#[festoon::retry(clone(nme))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
