use festoon::{cached, invalidates};

#[cached]
fn get_user(id: u64) -> u64 {
    id
}

#[invalidates(get_user(name))]
fn save(name: &str) {
    let _ = name;
}

fn main() {}
