use festoon::timed;

#[timed(name = concat!("a", "b"), warn_over = 5ms +)]
fn work() {}

fn main() {}
