#[timed(nam = "x")]
#[cached(max = 0)]
fn price(sku: &str) -> u8 {
    1
}
