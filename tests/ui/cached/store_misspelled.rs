use festoon::cached;

#[cached(store = redi("redis://localhost"))]
fn price(sku: &str) -> u64 {
    sku.len() as u64
}

fn main() {
    price("3");
}
