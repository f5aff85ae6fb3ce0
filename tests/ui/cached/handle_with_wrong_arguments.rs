use festoon::{Decorated, cached};

#[cached]
fn size(text: &str) -> usize {
    text.len()
}

fn main() {
    size.cache().invalidate((3,));
}
