use festoon::{Bulkhead, Fallback, policy};

fn main() {
    let row = policy!(Fallback::new("none"), Bulkhead::new(1));
    let _ = row.run(|| Some(1));
}
