use festoon::retry;

#[retry(when = |error| error.is_empty(), max_hint = 1m)]
fn send(n: usize) -> Result<usize, String> {
    Ok(n)
}

fn main() {}
