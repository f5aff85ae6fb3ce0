use festoon::timed;

#[timed(warn_over = "250ms")]
fn work() {}

fn main() {}
