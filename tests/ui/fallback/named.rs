use festoon::fallback;

#[fallback(default = 3)]
fn fetch() -> Option<u32> {
    None
}

fn main() {}
