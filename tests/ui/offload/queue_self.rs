use festoon::{QueueError, offload};

struct Mail;

impl Mail {
    #[offload(queue)]
    async fn send(&self) -> Result<usize, QueueError> {
        Ok(1)
    }
}

fn main() {}
