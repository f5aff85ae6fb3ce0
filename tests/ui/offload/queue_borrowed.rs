use festoon::{QueueError, offload};

#[offload(queue)]
async fn send(to: &str) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
