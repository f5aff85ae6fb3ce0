use festoon::{Interned, interned};

#[interned]
#[interned]
fn label(text: &str) -> Interned<str> {
    Interned::from(text)
}

fn main() {
    label("a");
}
