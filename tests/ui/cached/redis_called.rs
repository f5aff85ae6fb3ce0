use festoon::cached;

#[cached(store = redis())]
fn size(name: String) -> usize {
    name.len()
}

fn main() {}
