use festoon::timeout;

#[timeout(2)]
async fn fetch() -> Option<u32> {
    None
}

fn main() {}
