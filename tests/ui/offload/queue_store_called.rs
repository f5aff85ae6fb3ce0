use festoon::{QueueError, offload};

#[offload(queue, store = redis())]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
