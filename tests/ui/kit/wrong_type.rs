use festoon::timed;

const LIMIT: u64 = 250;

#[timed(warn_over = LIMIT)]
fn work() {}

fn main() {}
