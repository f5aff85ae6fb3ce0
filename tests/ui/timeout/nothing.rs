use festoon::timeout;

#[timeout]
async fn fetch() -> Option<u32> {
    None
}

fn main() {}
