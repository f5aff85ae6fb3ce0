use festoon::timed;

#[timed(warn_over = 250msec)]
fn work() {}

fn main() {}
