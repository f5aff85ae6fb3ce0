use festoon::{cached, retry, timed};

#[cached(max = 10)]
#[cached(max = 20)]
fn kept(n: u32) -> u32 {
    n
}

#[retry(attempts = 5)]
#[timed]
#[retry(attempts = 2)]
fn fetched(n: u32) -> Result<u32, String> {
    Ok(n)
}

#[timed]
#[inline]
#[timed]
async fn told(n: u32) -> u32 {
    n
}

fn main() {}
