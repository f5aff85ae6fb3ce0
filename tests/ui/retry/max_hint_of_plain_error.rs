use festoon::retry;

#[derive(Debug)]
struct Down;

#[retry(max_hint = 1m)]
fn send(n: usize) -> Result<usize, Down> {
    Ok(n)
}

fn main() {}
