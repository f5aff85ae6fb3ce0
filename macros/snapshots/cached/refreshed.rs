#[cached(ttl = 5m, stale = 1m, skip(shop))]
fn price(shop: &Shop, sku: &str, mut day: Option<&Day>) -> Result<Price, Error> {
    shop.ask(sku, day.take())?
}
