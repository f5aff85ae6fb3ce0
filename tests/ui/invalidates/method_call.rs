use festoon::{cached, invalidates};

struct Shop;

impl Shop {
    #[cached(skip(self))]
    fn price(&self, sku: &str) -> usize {
        sku.len()
    }

    #[invalidates(self.price(sku))]
    fn set_price(&self, sku: &str) {
        let _ = sku;
    }
}

fn main() {}
