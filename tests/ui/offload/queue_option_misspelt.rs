use festoon::{QueueError, offload};

#[offload(queue = "mail", max_delivery = 3)]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
