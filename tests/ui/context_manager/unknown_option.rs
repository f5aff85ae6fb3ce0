use festoon::{Yields, context_manager, yield_};

#[context_manager(errors = String)]
fn opened() -> Yields<u8> {
    yield_!(3);
}

fn main() {}
