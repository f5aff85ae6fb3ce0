//! `#[tokio::main]` makes it a sync function.
use festoon::{TimedOut, timeout};

#[timeout(2s)]
#[tokio::main]
async fn main() -> Result<(), TimedOut> {
    Ok(())
}
