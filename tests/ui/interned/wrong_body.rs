use festoon::{Interned, interned};

#[interned]
fn label(id: u32) -> Interned<str> {
    id
}

fn main() {
    label(1);
}
