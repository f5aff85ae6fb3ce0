use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(name: &str) -> Yields<String> {
    if name.is_empty() {
        return;
    }
    yield_!(name.to_owned());
}

fn main() {}
