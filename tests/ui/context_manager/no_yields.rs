use festoon::{context_manager, yield_};

#[context_manager]
fn opened(name: &str) -> String {
    yield_!(name.to_owned());
}

fn main() {}
