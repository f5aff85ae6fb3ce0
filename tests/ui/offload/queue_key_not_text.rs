use festoon::{QueueError, offload};

#[offload(queue, key = (to, of))]
async fn send(to: String, of: u8) -> Result<usize, QueueError> {
    Ok(to.len() + usize::from(of))
}

fn main() {}
