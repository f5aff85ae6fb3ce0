#[timed(span(level = debug, fields(sku, total = order.total(), %order, ?order.id), parent = &self.span, follows_from = causes, err, ret(Display), outcome))]
fn price(&self, sku: &str, order: &Order, causes: &[Id]) -> Result<u32, Error> {
    find(sku)
}

#[timed(span(outcome))]
fn add(a: u32, b: u32) -> u32 {
    a + b
}

#[timed(span(ret, err(Debug, level = warn)))]
async fn load(sku: String) -> Result<u32, Error> {
    find(&sku).await
}
