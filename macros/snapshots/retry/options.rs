#[retry(attempts = 5, wait = exponential(50ms, factor = 3, max = 2s), jitter = equal, within = 30s, when = |error| error.is_transient(), clone(order))]
async fn place(&mut self, order: Order) -> Result<Receipt, ShopError> {
    self.send(order).await
}
