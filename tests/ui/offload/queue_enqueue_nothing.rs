use festoon::{Enqueue, QueueError, offload};

#[offload(queue)]
async fn sweep() -> Result<(), QueueError> {
    Ok(())
}

fn main() {
    let _ = sweep.enqueue(());
}
