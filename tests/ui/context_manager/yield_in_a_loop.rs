use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(names: &[String]) -> Yields<String> {
    for name in names {
        yield_!(name.clone());
    }
}

fn main() {}
