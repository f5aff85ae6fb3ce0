use festoon::{WorkerError, offload};

#[offload(process)]
fn length(text: &str) -> Result<usize, WorkerError> {
    Ok(text.len())
}

fn main() {}
