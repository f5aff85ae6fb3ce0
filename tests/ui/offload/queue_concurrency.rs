use festoon::{QueueError, offload};

#[offload(queue, concurrency = 4)]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
