use festoon::timed;

#[timed(warn_over(5ms))]
fn work() {}

fn main() {}
