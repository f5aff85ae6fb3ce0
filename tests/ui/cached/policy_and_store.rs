use festoon::cached;

#[cached(store = disk("cache.redb"), policy = lru)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
