#[timed(span)]
fn add(a: u32, b: u32) -> u32 {
    a + b
}

#[timed(span = debug, name = "shop.price", target = "shop", args(sku))]
async fn price(sku: &str) -> Result<u32, Error> {
    find(sku).await
}
