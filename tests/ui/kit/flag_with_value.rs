use festoon::cached;

#[cached(unbounded = true)]
fn work(n: u8) -> u8 {
    n
}

fn main() {}
