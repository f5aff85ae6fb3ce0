use festoon::retry;

#[retry(before = async |attempt| println!("{attempt:?}"))]
fn load() -> Option<u32> {
    None
}

fn main() {}
