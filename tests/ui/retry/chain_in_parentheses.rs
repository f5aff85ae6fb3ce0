#[festoon::retry(wait = chain(1ms, 5ms))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
