use festoon::{Interned, interned};

#[interned]
fn letters(text: &str) -> Interned<str> {
    text.chars().filter(|letter| letter.is_alphabetic()).collect()
}

fn main() {
    letters("a1");
}
