use festoon::timed;

#[timed(warnover = 5ms)]
fn work() {}

fn main() {}
