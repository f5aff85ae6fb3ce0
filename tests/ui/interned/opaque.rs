use festoon::interned;

#[interned]
fn label(id: u32) -> Option<impl std::fmt::Display> {
    Some(id)
}

fn main() {
    label(1);
}
