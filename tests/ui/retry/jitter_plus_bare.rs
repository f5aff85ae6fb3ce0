use festoon::retry;

#[retry(jitter = plus)]
fn load() -> Option<u32> {
    None
}

fn main() {}
