//! The arguments are gone when the decorator gets them.
use festoon::decorate;
use std::pin::Pin;

async fn shout(next: impl AsyncFnOnce(String) -> String, name: String) -> String {
    next(name).await.to_uppercase()
}

#[decorate(shout)]
fn greet(name: String) -> Pin<Box<dyn Future<Output = String>>> {
    let length = name.len();
    Box::pin(async move { format!("{length}") })
}

fn main() {
    drop(greet("ada".to_owned()));
}
