use festoon::{QueueError, offload};

#[offload(queue("mail"), key = to)]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
