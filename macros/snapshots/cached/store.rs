#[cached(store = redis("redis://cache", timeout = 200ms), ttl = 5m, version = 3, on_store_error = fail)]
async fn price(sku: &str) -> Result<Price, Error> {
    ask(sku).await
}

#[cached(store = tiered(memory(max = 100, ttl = 10s), redis))]
fn square(n: u64) -> u64 {
    n * n
}

#[cached(store = disk("words.redb", max_size = 64mb))]
fn words(text: &str) -> usize {
    text.split(' ').count()
}

#[cached(store = ours())]
fn word(n: u64) -> String {
    n.to_string()
}
