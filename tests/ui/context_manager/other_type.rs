use festoon::{Yields, context_manager, yield_};

#[context_manager]
fn opened(name: &str) -> Yields<&mut String> {
    let mut count = name.len();
    yield_!(&mut count);
}

fn main() {}
