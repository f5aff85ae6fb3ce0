use festoon::timeout;

#[timeout(after = 2s)]
async fn fetch() -> Option<u32> {
    None
}

fn main() {}
