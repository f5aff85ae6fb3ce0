use festoon::cached;

#[cached(ttl = 0s)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
