#[retry(
    attempts = unlimited,
    wait = exponential(50ms, min = 1ms, jitter = none) + uniform(0ms, 1s),
    within = 30s,
    wait_hint = |error| error.retry_after(),
    max_hint = 1m,
    budget = "shop",
    before = async |attempt| log(attempt).await,
    on_give_up = |error| Err(error.clone())
)]
async fn price(&self, sku: &str) -> Result<u32, RetryError<ShopError>> {
    self.ask(sku).await
}
