use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(name: &str) -> Yields<String> {
    yield_!(name.to_owned());
    yield_!(name.to_uppercase());
}

fn main() {}
