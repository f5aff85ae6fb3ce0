use festoon::cached;

#[cached(store = redis, ttl = 5m, stale = 10s)]
fn price(sku: &str) -> u64 {
    sku.len() as u64
}

fn main() {
    price("3");
}
