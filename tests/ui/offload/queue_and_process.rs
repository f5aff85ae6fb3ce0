use festoon::{QueueError, offload};

#[offload(queue, process)]
fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
