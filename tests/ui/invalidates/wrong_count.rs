use festoon::{cached, invalidates};

#[cached]
fn get_user(id: u64) -> u64 {
    id
}

#[invalidates(get_user(id, 3))]
fn save(id: u64) {
    let _ = id;
}

fn main() {}
