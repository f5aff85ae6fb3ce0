//! Calls are refused while the service behind them keeps failing: `cargo run --example circuit_breaker`.

use std::io;
use std::time::Duration;

use festoon::{Decorated, circuit_breaker, testing};

/// Opens when half of at least four calls have failed.
#[circuit_breaker(window = 10, minimum = 4, open_for = 30s, probes = 1)]
fn price(is_up: bool) -> io::Result<u32> {
    if is_up { Ok(3) } else { Err(io::Error::other("the shop does not answer")) }
}

fn main() {
    let clock = testing::clock();
    for is_up in [true, true, false, false, false, true] {
        match price(is_up) {
            Ok(price) => println!("{price}"),
            Err(error) => println!("{error}"),
        }
    }
    println!("{:?}, {:?}", price.breaker().state(), price.breaker().stats());
    clock.advance(Duration::from_secs(30));
    println!("half a minute later: {:?}", price(true));
    println!("{:?}", price.breaker().state());
}
