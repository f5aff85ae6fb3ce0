use festoon::timeout;

#[timeout(2s)]
async fn fetch() -> Result<u32, String> {
    Ok(3)
}

fn main() {}
