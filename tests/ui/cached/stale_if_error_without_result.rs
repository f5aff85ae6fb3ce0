use festoon::cached;

#[cached(ttl = 5m, stale_if_error = 1h)]
fn number(n: u32) -> u32 {
    n
}

fn main() {
    number(1);
}
