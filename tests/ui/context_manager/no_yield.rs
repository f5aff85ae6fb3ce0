use festoon::{Yields, context_manager};

#[context_manager]
fn opened(name: &str) -> Yields<String> {
    println!("{name}");
}

fn main() {}
