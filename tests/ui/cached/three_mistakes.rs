use festoon::cached;

#[cached(max = 10, unbounded, ttl = 0s, skip(other))]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
