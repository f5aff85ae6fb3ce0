use festoon::cached;

#[cached]
fn first(text: &str) -> &str {
    text
}

fn main() {}
