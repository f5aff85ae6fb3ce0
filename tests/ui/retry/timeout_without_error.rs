enum Fault {}

#[festoon::retry(timeout = 2s)]
async fn find(name: String) -> Result<usize, Fault> {
    Ok(name.len())
}

fn main() {}
