#[festoon::retry(attempts = 0, wait = exponential(5s, max = 1s), jitter = half, timeout = 2s, clone(nme))]
fn find(name: String) -> Result<usize, String> {
    Ok(name.len())
}

fn main() {}
