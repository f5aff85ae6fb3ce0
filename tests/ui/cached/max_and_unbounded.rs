use festoon::cached;

#[cached(max = 10, unbounded)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
