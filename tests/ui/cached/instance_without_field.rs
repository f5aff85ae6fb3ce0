use festoon::cached;

struct Shop;

impl Shop {
    #[cached(scope = instance)]
    fn price(&self, sku: &str) -> usize {
        sku.len()
    }
}

fn main() {
    Shop.price("tea");
}
