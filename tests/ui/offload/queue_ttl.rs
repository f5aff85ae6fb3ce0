use festoon::{QueueError, offload};

#[offload(queue, ttl = 10m)]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
