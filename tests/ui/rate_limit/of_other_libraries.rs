use festoon::rate_limit;

#[rate_limit(calls = 10, period = 1s)]
fn ask() -> Option<u32> {
    None
}

fn main() {}
