use festoon::fallback;

#[fallback(3, or_else = |()| None)]
fn fetch() -> Option<u32> {
    None
}

fn main() {}
