//! A generic decorator of plain functions compiles on an async one, too.
#![deny(deprecated)]
use festoon::decorate;

fn logged<R>(next: impl FnOnce() -> R) -> R {
    println!("starts");
    let value = next();
    println!("ends, but has not run yet");
    value
}

#[decorate(logged)]
async fn number() -> u32 {
    3
}

fn main() {
    drop(number());
}
