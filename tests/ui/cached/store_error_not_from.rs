use festoon::cached;

#[cached(store = redis, on_store_error = fail)]
async fn price(sku: &str) -> Result<u64, std::num::ParseIntError> {
    sku.parse()
}

fn main() {
    drop(price("3"));
}
