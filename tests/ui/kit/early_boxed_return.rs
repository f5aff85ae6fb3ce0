use festoon::timed;
use std::pin::Pin;

#[timed]
fn work(n: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    if n == 0 {
        return Box::pin(std::future::ready(0));
    }
    Box::pin(async move { n })
}

fn main() {}
