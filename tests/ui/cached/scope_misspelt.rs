use festoon::cached;

#[cached(scope = tread)]
fn number(n: u32) -> u32 {
    n
}

fn main() {
    number(1);
}
