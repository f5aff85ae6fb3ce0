use festoon::{cached, invalidates};

#[cached]
fn parse<T: std::str::FromStr + Clone + Send + Sync + 'static>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[invalidates(parse(text))]
fn save(text: &str) {
    let _ = text;
}

fn main() {}
