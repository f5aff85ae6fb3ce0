use festoon::timed;
use tracing::Level;

#[timed(span(level = Level::DEBUG))]
fn find(id: u64) -> u64 {
    id
}

fn main() {
    let _ = Level::DEBUG;
}
