use festoon::{cached, invalidates};

#[cached]
fn find(name: String) -> usize {
    name.len()
}

#[invalidates(find(name))]
fn save(name: String) -> usize {
    name.len()
}

fn main() {}
