use festoon::timeout;

#[timeout(2s)]
fn fetch() -> Option<u32> {
    None
}

fn main() {}
