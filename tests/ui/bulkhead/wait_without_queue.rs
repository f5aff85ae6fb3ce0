use festoon::bulkhead;

#[bulkhead(10, queue = 0, wait = 1s)]
fn query() -> Option<u32> {
    None
}

fn main() {}
