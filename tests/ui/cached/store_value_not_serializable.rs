use festoon::cached;

#[derive(Clone)]
struct Price(u64);

#[cached(store = disk("prices.redb"))]
fn price(sku: &str) -> Result<Price, String> {
    Ok(Price(sku.len() as u64))
}

fn main() {
    let _ = price("tea").map(|price| price.0);
}
