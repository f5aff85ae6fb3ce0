#[offload]
fn double(mut n: u32) -> u32 {
    n *= 2;
    n
}

#[offload(pool = tokio)]
fn nothing() {}

#[offload(pool = self.pool.clone())]
fn opaque(self: Arc<Self>, items: impl Iterator<Item = u8> + Send + 'static) -> impl Iterator<Item = u8> {
    items
}
