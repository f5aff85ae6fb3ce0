use festoon::rate_limit;

#[rate_limit]
fn ask() -> Option<u32> {
    None
}

fn main() {}
