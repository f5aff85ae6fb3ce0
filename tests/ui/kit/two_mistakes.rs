use festoon::timed;

#[timed(wrn_over = 5ms, name)]
fn work() {}

fn main() {}
