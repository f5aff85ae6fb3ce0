use festoon::cached;

#[cached(store = redis, on_store_error = fail)]
fn price(sku: &str) -> u64 {
    sku.len() as u64
}

fn main() {
    price("3");
}
