use festoon::cached;

#[cached(jitter = 5s)]
fn number(n: u32) -> u32 {
    n
}

fn main() {
    number(1);
}
