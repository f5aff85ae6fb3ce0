use festoon::{cached, invalidates};

#[cached]
fn get_user(id: u64) -> u64 {
    id
}

#[invalidates((get_user(1, 2)))]
fn save() {}

fn main() {}
