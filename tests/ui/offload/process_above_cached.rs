use festoon::{WorkerError, cached, offload};

#[offload(process)]
#[cached]
fn double(n: u32) -> Result<u32, WorkerError> {
    Ok(n * 2)
}

fn main() {}
