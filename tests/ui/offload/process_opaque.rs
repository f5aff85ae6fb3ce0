use festoon::{WorkerError, offload};

#[offload(process)]
fn print(value: impl ToString) -> Result<String, WorkerError> {
    Ok(value.to_string())
}

fn main() {}
