use festoon::cached;

struct Shop {
    memo: String,
}

impl Shop {
    #[cached(scope = instance, field = memo)]
    fn price(&self, sku: &str) -> usize {
        self.memo.len() + sku.len()
    }
}

fn main() {
    Shop { memo: String::new() }.price("tea");
}
