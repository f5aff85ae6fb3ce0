use festoon::retry;

#[retry(wait = exponential(50ms) + pause())]
fn load() -> Option<u32> {
    None
}

fn pause() -> std::time::Duration {
    std::time::Duration::ZERO
}

fn main() {}
