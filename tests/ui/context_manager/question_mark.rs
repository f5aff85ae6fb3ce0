use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn number(text: &str) -> Yields<u8> {
    yield_!(text.parse()?);
}

fn main() {}
