use festoon::{WorkerError, offload};

#[offload(process, pool = rayon)]
fn double(n: u32) -> Result<u32, WorkerError> {
    Ok(n * 2)
}

fn main() {}
