#[timed(warn_over = 250ms)]
#[cached(max = 10_000, ttl = 5m)]
#[retry(attempts = 5, wait = exponential(50ms, max = 2s))]
async fn price(sku: &str) -> Result<Price, ShopError> {
    fetch(sku).await
}
