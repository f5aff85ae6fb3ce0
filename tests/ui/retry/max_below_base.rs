#[festoon::retry(wait = exponential(5s, max = 1s))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
