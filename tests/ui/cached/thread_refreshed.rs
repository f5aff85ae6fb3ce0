use festoon::cached;

#[cached(scope = thread, ttl = 5m, stale = 1m)]
fn number(n: u32) -> u32 {
    n
}

fn main() {
    number(1);
}
