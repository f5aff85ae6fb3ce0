use festoon::cached;

struct Shop {
    name: String,
}

impl Shop {
    #[cached(scope = instance, field = memo)]
    fn price(&self, sku: &str) -> usize {
        self.name.len() + sku.len()
    }
}

fn main() {
    Shop { name: String::new() }.price("tea");
}
