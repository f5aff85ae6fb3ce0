use festoon::bulkhead;

#[bulkhead(adaptive, store = redis)]
fn query(n: u32) -> Option<u32> {
    Some(n)
}

fn main() {}
