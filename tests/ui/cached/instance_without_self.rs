use festoon::cached;

#[cached(scope = instance, field = memo)]
fn price(sku: &str) -> usize {
    sku.len()
}

fn main() {
    price("tea");
}
