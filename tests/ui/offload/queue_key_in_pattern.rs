use festoon::{QueueError, offload};

#[offload(queue, key = id)]
fn send((id, to): (u32, String)) -> Result<usize, QueueError> {
    Ok(to.len() + id as usize)
}

fn main() {}
