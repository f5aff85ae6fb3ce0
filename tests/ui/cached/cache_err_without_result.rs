use festoon::cached;

#[cached(cache_err)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
