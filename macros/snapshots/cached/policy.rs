#[cached(max = 10, policy = lru)]
fn f(n: u8) -> u8 {
    n
}
#[cached(policy = lru, max_weight = 4kb, weigh = String::len, ttl = 5m)]
fn g(n: u8) -> String {
    n.to_string()
}
