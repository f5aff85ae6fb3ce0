use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(name: &str) -> Yields<String> {
    if !name.is_empty() {
        yield_!(name.to_owned());
    }
    println!("closed");
}

fn main() {}
