use festoon::{cached, invalidates};

#[cached]
fn get_user(id: u64) -> u64 {
    id
}

#[track_caller]
#[invalidates(get_user(id), when = ok)]
fn save(id: u64) -> Result<(), ()> {
    let _ = id;
    Ok(())
}

fn main() {}
