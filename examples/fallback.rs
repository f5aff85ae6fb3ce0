//! Substitutes for failed calls: `cargo run --example fallback`.

use std::num::ParseIntError;

use festoon::{fallback, retry};

#[fallback(|error| {
    eprintln!("{text:?}: {error}, so it is 80");
    80
})]
#[retry(attempts = 2, wait = fixed(1ms))]
fn port(text: &str) -> Result<u16, ParseIntError> {
    text.parse()
}

fn main() {
    println!("{:?} {:?}", port("8080"), port("http"));
}
