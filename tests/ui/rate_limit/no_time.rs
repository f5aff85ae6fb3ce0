use festoon::rate_limit;

#[rate_limit(100)]
fn ask() -> Option<u32> {
    None
}

fn main() {}
