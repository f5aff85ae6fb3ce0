use festoon::timed;

#[timed(name = "a", warn_over = 5ms, name = "b")]
fn work() {}

fn main() {}
