use festoon::bulkhead;

#[bulkhead(0)]
fn query() -> Option<u32> {
    None
}

fn main() {}
