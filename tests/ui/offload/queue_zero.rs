use festoon::{QueueError, offload};

#[offload(queue = "", max_deliveries = 0, result_ttl = 0s)]
fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
