//! `#[tokio::main]` makes it a sync function.
use festoon::hedge;

#[tokio::main]
#[hedge(after = 1s, idempotent)]
async fn main() -> Result<(), String> {
    Ok(())
}
