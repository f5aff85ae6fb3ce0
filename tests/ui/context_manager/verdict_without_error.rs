use festoon::{Verdict, Yields, context_manager, yield_};

#[context_manager]
fn forgiving() -> Yields<u8> {
    yield_!(1);
    Verdict::Swallow
}

fn main() {}
