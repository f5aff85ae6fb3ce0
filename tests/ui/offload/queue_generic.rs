use festoon::{QueueError, offload};

#[offload(queue)]
fn send<T: std::fmt::Display>(to: T) -> Result<usize, QueueError> {
    Ok(to.to_string().len())
}

fn main() {}
