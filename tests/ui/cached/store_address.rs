use festoon::cached;

#[cached(store = redis("localhost:6379", time_out = 1s))]
fn price(sku: &str) -> u64 {
    sku.len() as u64
}

fn main() {
    price("3");
}
