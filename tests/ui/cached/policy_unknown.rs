use festoon::cached;

#[cached(max = 10, policy = lfu)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
