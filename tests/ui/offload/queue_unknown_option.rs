use festoon::{QueueError, offload};

#[offload(queue, colour = 3)]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
