use festoon::timeout;

#[timeout(0ms)]
async fn fetch() -> Option<u32> {
    None
}

fn main() {}
