use festoon::cached;
use std::time::Duration;

fn lifetime(text: &String) -> Duration {
    Duration::from_secs(text.len() as u64)
}

#[cached(ttl = lifetime)]
fn price(n: u32) -> u32 {
    n
}

fn main() {}
