use festoon::retry;

#[retry(wait = exponential(1ms, jitter = none), jitter = full)]
fn load() -> Option<u32> {
    None
}

fn main() {}
