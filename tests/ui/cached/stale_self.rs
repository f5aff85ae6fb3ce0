use festoon::cached;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shop;

impl Shop {
    #[cached(ttl = 5m, stale = 1m)]
    fn price(&self, sku: &str) -> usize {
        sku.len()
    }
}

fn main() {
    Shop.price("tea");
}
