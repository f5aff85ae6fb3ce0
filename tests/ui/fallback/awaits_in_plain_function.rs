use festoon::fallback;

#[fallback(async |()| 3)]
fn fetch() -> Option<u32> {
    None
}

fn main() {}
