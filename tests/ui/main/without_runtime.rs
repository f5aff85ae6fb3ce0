#[festoon::main]
async fn main() {}
