use festoon::bulkhead;

#[bulkhead(100, adaptive, max = 20)]
fn query() -> Option<u32> {
    None
}

fn main() {}
