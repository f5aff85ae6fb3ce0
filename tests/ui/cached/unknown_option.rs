use festoon::cached;

#[cached(size = 10)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
