//! A closure around a function whose result borrows.
use festoon::decorate;

#[decorate(|next, text| next(text).trim())]
fn first(text: &str) -> &str {
    &text[..1]
}

fn main() {
    first("ada");
}
