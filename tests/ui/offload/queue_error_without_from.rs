use festoon::offload;

#[derive(serde::Serialize, serde::Deserialize)]
struct ShopError;

#[offload(queue)]
async fn send(to: String) -> Result<usize, ShopError> {
    Ok(to.len())
}

fn main() {}
