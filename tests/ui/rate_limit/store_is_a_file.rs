use festoon::rate_limit;

#[rate_limit(10 / 1s, store = disk("limits.redb"))]
fn ask(n: u32) -> Option<u32> {
    Some(n)
}

fn main() {}
