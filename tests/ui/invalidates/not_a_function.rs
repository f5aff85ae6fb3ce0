use festoon::{cached, invalidates};

#[cached]
fn get_user(id: u64) -> u64 {
    id
}

#[invalidates(USER)]
fn save(id: u64) {
    let _ = id;
}

const USER: u64 = 3;

fn main() {}
