use festoon::retry;

#[retry(on_give_up = async |_| None)]
async fn load() -> Option<u32> {
    None
}

fn main() {}
