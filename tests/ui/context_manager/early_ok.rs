use festoon::{Yields, context_manager, yield_};
use std::io;

#[context_manager]
fn opened(name: &str) -> io::Result<Yields<String>> {
    if name.is_empty() {
        return Ok(());
    }
    yield_!(name.to_owned());
    Ok(())
}

fn main() {}
