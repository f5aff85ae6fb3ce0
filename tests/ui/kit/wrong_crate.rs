use festoon::timed;

#[timed(crate = nowhere)]
fn work() {}

fn main() {}
