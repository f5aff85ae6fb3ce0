use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(name: &str) -> Yields<String> {
    std::future::ready(()).await;
    yield_!(name.to_owned());
}

fn main() {}
