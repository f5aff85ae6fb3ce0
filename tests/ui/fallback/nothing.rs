use festoon::fallback;

#[fallback]
fn fetch() -> Option<u32> {
    None
}

fn main() {}
