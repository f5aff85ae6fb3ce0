use festoon::{WorkerError, offload};

#[offload(process)]
fn same<T: Clone>(value: T) -> Result<T, WorkerError> {
    Ok(value)
}

fn main() {}
