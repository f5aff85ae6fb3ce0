use festoon::timed;

#[timed(warn_over = )]
fn work() {}

fn main() {}
