use festoon::rate_limit;

#[rate_limit(100 / 1)]
fn ask() -> Option<u32> {
    None
}

fn main() {}
