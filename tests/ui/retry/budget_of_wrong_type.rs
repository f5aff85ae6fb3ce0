use festoon::retry;

#[retry(budget = 0.1)]
fn load() -> Option<u32> {
    None
}

fn main() {}
