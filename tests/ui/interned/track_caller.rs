use festoon::{Interned, interned};

#[interned]
#[track_caller]
fn label(id: u32) -> Interned<str> {
    format!("label {id}")
}

fn main() {
    label(1);
}
