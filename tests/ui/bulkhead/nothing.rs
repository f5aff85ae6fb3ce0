use festoon::bulkhead;

#[bulkhead]
fn query() -> Option<u32> {
    None
}

fn main() {}
