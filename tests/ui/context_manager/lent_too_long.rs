use festoon::{Yields, context_manager, yield_};

struct Cursor<'a>(&'a str);

#[context_manager]
fn opened<'a>(name: &'a str) -> Yields<Cursor<'a>> {
    let own = name.to_uppercase();
    yield_!(Cursor(&own));
}

fn main() {}
