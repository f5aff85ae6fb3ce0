use festoon::cached;

#[cached(skip = n)]
fn work(n: u8) -> u8 {
    n
}

fn main() {}
