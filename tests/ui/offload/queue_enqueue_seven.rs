use festoon::{Enqueue, QueueError, offload};

#[offload(queue)]
async fn add(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) -> Result<u8, QueueError> {
    Ok(a + b + c + d + e + f + g)
}

fn main() {
    let _ = add.enqueue((1, 2, 3, 4, 5, 6, 7));
}
