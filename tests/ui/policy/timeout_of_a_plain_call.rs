use festoon::{Bulkhead, Timeout, policy};
use std::time::Duration;

fn main() {
    let row = policy!(Timeout::new(Duration::from_secs(1)), Bulkhead::new(1));
    let _ = row.run(|| Some(1));
}
