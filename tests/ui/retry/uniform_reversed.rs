use festoon::retry;

#[retry(wait = uniform(2s, 1s))]
fn load() -> Option<u32> {
    None
}

fn main() {}
