use festoon::retry;

#[retry(wait_hint = |error: &String| error.len())]
fn load() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
