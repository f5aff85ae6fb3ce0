use festoon::{WorkerError, offload};

struct Shop;

impl Shop {
    #[offload(process)]
    fn open() -> Result<Self, WorkerError> {
        Ok(Shop)
    }
}

fn main() {}
