use festoon::timed;
use std::pin::Pin;

#[timed]
fn work() -> Pin<Box<dyn Future<Output = u8>>> {
    elsewhere()
}

fn elsewhere() -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async { 1 })
}

fn main() {}
