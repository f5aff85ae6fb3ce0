use festoon::{Yields, context_manager, yield_};

fn log() {}

#[context_manager]
fn opened(is_on: bool) -> Yields<u8> {
    if is_on { drop(yield_!(3)) } else { log() }
}

fn main() {}
