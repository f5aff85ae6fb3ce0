use festoon::rate_limit;

#[rate_limit(10 / 1s)]
fn ask() -> Result<u32, String> {
    Ok(3)
}

fn main() {}
