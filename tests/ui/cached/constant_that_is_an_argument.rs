use festoon::cached;
use std::time::Duration;

#[cached(max = room, ttl = Duration::from_secs(seconds))]
fn a(room: usize, seconds: u64) -> u64 {
    seconds + room as u64
}

#[cached(ttl = lifetime)]
fn b(lifetime: Duration) -> u64 {
    lifetime.as_secs()
}

fn main() {}
