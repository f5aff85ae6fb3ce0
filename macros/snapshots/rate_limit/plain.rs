#[rate_limit(100 / 1s, burst = 10, key = user)]
fn ask(user: &str) -> Option<usize> {
    Some(user.len())
}

#[rate_limit(LIMIT / Duration::from_secs(60), wait)]
async fn send(text: String) -> usize {
    text.len()
}
