//! `#[derive(Retryable)]`: errors that know whether another attempt makes sense.
use festoon::{Decorated, Retryable, retry};
use std::time::Duration;

#[derive(Debug, Retryable)]
enum ShopError {
    #[retry(never)]
    UnknownSku,
    #[retry(after = pause)]
    Limited { pause: Duration },
}

#[retry(attempts = 3)]
fn price(sku: &str) -> Result<u32, ShopError> {
    if sku != "tea" {
        return Err(ShopError::UnknownSku);
    }
    if festoon::attempt().number < 3 { Err(ShopError::Limited { pause: Duration::from_millis(20) }) } else { Ok(3) }
}

fn main() {
    println!("{:?}, {:?}", price("tea"), price("rum"));
    println!("{:?}", price.retries());
}
