use festoon::cached;

#[cached(ttl = 5s, refresh_ahead = 10s)]
fn number(n: u32) -> u32 {
    n
}

fn main() {
    number(1);
}
