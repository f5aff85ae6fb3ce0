//! A decorator for async functions on a plain one.
use festoon::decorate;

async fn shout(next: impl AsyncFnOnce(&str) -> String, name: &str) -> String {
    next(name).await.to_uppercase()
}

#[decorate(shout)]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    greet("ada");
}
