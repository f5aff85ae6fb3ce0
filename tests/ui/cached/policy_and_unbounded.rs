use festoon::cached;

#[cached(unbounded, policy = lru)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
