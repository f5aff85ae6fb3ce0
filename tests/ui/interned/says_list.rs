use festoon::interned;

#[interned]
fn path(depth: u32) -> Vec<u32> {
    (0..depth).collect()
}

fn main() {
    path(1);
}
