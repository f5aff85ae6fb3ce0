use festoon::cached;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Sku(String);

#[cached(store = redis)]
fn price(sku: Sku, day: u32) -> u64 {
    sku.0.len() as u64 + u64::from(day)
}

fn main() {
    price(Sku(String::new()), 1);
}
