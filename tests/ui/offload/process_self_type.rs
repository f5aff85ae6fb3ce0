use festoon::{WorkerError, offload};

struct Shop;

impl Shop {
    #[offload(process)]
    fn open() -> Result<u32, WorkerError> {
        Ok(Self::LIMIT)
    }

    const LIMIT: u32 = 3;
}

fn main() {}
