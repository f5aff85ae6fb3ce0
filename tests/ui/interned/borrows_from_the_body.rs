use festoon::{Interned, interned};

#[interned]
fn trimmed(text: String) -> Interned<str> {
    text.trim()
}

fn main() {
    trimmed("a ".to_owned());
}
