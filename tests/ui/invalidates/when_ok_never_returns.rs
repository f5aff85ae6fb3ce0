use festoon::{cached, invalidates};

#[cached]
fn get_user(id: u64) -> u64 {
    id
}

#[invalidates(get_user(3), when = ok)]
fn serve() -> ! {
    loop {}
}

fn main() {}
