#[hedge(after = 100ms, idempotent)]
async fn read(key: &str) -> std::io::Result<usize> {
    Ok(key.len())
}

#[hedge(after = p95, idempotent, budget = 0.5, clone(url))]
async fn get(mut url: String, mut n: u32) -> Option<usize> {
    n += 1;
    url.push('/');
    Some(url.len())
}
