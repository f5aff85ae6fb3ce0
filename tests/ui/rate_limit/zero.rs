use festoon::rate_limit;

#[rate_limit(0 / 1s, burst = 0)]
fn ask() -> Option<u32> {
    None
}

fn main() {}
