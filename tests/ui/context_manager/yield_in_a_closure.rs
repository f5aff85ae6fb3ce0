use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(names: &[String]) -> Yields<String> {
    names.iter().for_each(|name| drop(yield_!(name.clone())));
}

fn main() {}
