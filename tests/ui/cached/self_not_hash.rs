use festoon::cached;

struct Shop {
    id: u32,
}

impl Shop {
    #[cached]
    fn price(&self, n: u32) -> u32 {
        self.id + n
    }
}

fn main() {}
