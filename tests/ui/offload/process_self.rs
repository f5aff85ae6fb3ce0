use festoon::{WorkerError, offload};

struct Shop;

impl Shop {
    #[offload(process)]
    fn double(&self, n: u32) -> Result<u32, WorkerError> {
        Ok(n * 2)
    }
}

fn main() {}
