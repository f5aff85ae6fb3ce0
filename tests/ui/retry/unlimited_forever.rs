use festoon::retry;

#[retry(attempts = unlimited)]
fn load() -> Option<u32> {
    None
}

fn main() {}
