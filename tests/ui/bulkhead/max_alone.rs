use festoon::bulkhead;

#[bulkhead(10, max = 20)]
fn query() -> Option<u32> {
    None
}

fn main() {}
