use festoon::{QueueError, offload};

#[offload(queu = "mail")]
async fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
