use festoon::{QueueError, cached, offload};

#[offload(queue)]
#[cached(max = 10)]
fn send(to: String) -> Result<usize, QueueError> {
    Ok(to.len())
}

fn main() {}
