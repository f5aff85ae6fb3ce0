use festoon::{cached, retry, timed};

// All at once, from top to bottom.
#[timed(nam = "work")]
#[cached(max = 0)]
#[retry(attempts = 0)]
const fn work(n: u8) -> Option<u8> {
    Some(n)
}

fn main() {}
