use festoon::{WorkerError, offload};

#[offload(process, nice = 20)]
fn double(n: u32) -> Result<u32, WorkerError> {
    Ok(n * 2)
}

fn main() {}
