use festoon::{QueueError, offload};

#[offload(queue, timeout = 2s)]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
