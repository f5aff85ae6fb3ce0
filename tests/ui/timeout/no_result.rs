use festoon::timeout;

#[timeout(2s)]
async fn fetch() {}

fn main() {}
