use festoon::{Interned, interned};

#[interned(max = 100)]
fn label(id: u32) -> Interned<str> {
    format!("label {id}")
}

fn main() {
    label(1);
}
