#[circuit_breaker]
fn load(path: &str) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

#[circuit_breaker(window = 10s, minimum = 5, failure_rate = 0.25, slow = 1s, slow_rate = 0.5, open_for = 1m, probes = 1, when = is_ours, key = host)]
async fn get(host: &str, path: String) -> std::io::Result<String> {
    Ok(path)
}
