#[cached(scope = instance, field = inner.memo, tti = 5m)]
async fn price(self: &Arc<Self>, sku: &str) -> u64 {
    self.ask(sku).await
}
