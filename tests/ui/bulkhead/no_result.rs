use festoon::bulkhead;

#[bulkhead(10)]
async fn query() -> u32 {
    3
}

fn main() {}
