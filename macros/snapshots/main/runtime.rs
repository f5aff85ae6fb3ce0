#[festoon::main]
#[tokio::main]
async fn main() -> Result<(), String> {
    work().await
}
