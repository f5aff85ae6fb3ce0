#[festoon::retry(wait = exponential(5ms, factor = 0.5))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
