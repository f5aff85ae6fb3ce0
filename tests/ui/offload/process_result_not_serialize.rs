use festoon::{WorkerError, offload};

struct Order;

#[offload(process)]
fn place() -> Result<Order, WorkerError> {
    Ok(Order)
}

fn main() {}
