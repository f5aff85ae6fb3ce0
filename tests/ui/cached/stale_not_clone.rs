use festoon::cached;

struct Shop;

#[cached(ttl = 5m, stale = 1m, skip(shop))]
fn price(shop: &Shop, sku: &str) -> usize {
    let _ = shop;
    sku.len()
}

fn main() {
    price(&Shop, "tea");
}
