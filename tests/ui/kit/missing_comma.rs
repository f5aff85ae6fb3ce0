use festoon::timed;

#[timed(name = "a" warn_over = 5ms)]
fn work() {}

fn main() {}
