use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(name: &str) -> Yields<String> {
    println!("{}", yield_!(name.to_owned()));
}

fn main() {}
