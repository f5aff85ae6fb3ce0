use festoon::retry;

#[retry(wait = exponential(1ms, min = 3s, max = 2s))]
fn load() -> Option<u32> {
    None
}

fn main() {}
