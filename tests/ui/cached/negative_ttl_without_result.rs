use festoon::cached;

#[cached(negative_ttl = 5s)]
fn number(n: u32) -> u32 {
    n
}

fn main() {
    number(1);
}
