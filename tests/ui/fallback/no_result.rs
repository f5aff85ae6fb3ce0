use festoon::fallback;

#[fallback(3)]
fn fetch() -> u32 {
    4
}

fn main() {}
