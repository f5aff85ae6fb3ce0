use festoon::{Interned, cached, interned};

#[interned]
#[cached]
fn label(id: u32) -> Interned<str> {
    format!("label {id}")
}

fn main() {
    label(1);
}
