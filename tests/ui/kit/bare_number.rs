use festoon::timed;

#[timed(warn_over = 250)]
fn work() {}

fn main() {}
