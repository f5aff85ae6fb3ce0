use festoon::bulkhead;

#[bulkhead(max_concurrent_calls = 10, max_wait_duration = 1s)]
fn query() -> Option<u32> {
    None
}

fn main() {}
