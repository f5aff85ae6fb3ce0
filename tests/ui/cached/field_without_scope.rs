use festoon::cached;

struct Shop;

impl Shop {
    #[cached(skip(self), field = memo)]
    fn price(&self, sku: &str) -> usize {
        sku.len()
    }
}

fn main() {
    Shop.price("tea");
}
