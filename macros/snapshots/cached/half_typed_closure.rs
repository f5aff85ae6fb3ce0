#[cached(ttl = |price| price., if = |price|)]
fn price(sku: &str) -> u64 {
    ask(sku)
}
