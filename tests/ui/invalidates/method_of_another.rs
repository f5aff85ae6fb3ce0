use festoon::{cached, invalidates};

struct Shop;

impl Shop {
    #[cached(skip(self))]
    fn price(&self, sku: &str) -> usize {
        sku.len()
    }
}

#[invalidates(shop.price(sku))]
fn set_price(shop: &Shop, sku: &str) {
    let _ = (shop, sku);
}

fn main() {}
