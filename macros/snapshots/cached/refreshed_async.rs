#[cached(ttl = |price| price.lifetime, refresh_ahead = 10s, if = |price| price.is_final)]
async fn price<'a>(sku: &'a str, (from, to): (Day, Day)) -> Option<Price> {
    ask(sku, from, to).await
}
