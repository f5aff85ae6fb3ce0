use festoon::{Decorated, cached, invalidates};

#[cached]
fn get_user(id: u64) -> u64 {
    id
}

#[invalidates(get_user.cache().invalidate((id,)))]
fn save(id: u64) {
    let _ = (id, get_user.cache());
}

fn main() {}
