use festoon::{WorkerError, offload};

struct Order;

#[offload(process)]
fn place(order: Order) -> Result<u32, WorkerError> {
    let _ = order;
    Ok(1)
}

fn main() {}
