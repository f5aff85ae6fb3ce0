use festoon::fallback;

#[fallback("none")]
fn fetch() -> Option<u32> {
    None
}

fn main() {}
