#[festoon::retry(timeout = 0s)]
async fn find(name: String) -> Result<usize, std::io::Error> {
    Ok(name.len())
}

fn main() {}
