use festoon::{QueueError, offload};

struct Mail;

#[offload(queue)]
async fn send(mail: Mail) -> Result<usize, QueueError> {
    let _ = mail;
    Ok(1)
}

fn main() {}
