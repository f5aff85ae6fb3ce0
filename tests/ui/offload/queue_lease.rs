use festoon::{QueueError, offload};

#[offload(queue, lease = 30s)]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
