#[rate_limit(10 / 1s, key = user, store = redis("redis://cache", timeout = 200ms))]
fn ask(user: &str) -> Option<usize> {
    Some(user.len())
}

#[bulkhead(10, wait, store = ours())]
async fn send(text: String) -> usize {
    text.len()
}
