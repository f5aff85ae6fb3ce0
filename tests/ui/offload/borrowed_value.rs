//! A reference.
use festoon::offload;

pub struct Config;

#[offload]
pub fn check(config: &Config, (a, _): (u8, &'_ u8)) -> u8 {
    let _ = config;
    a
}

fn main() {}
