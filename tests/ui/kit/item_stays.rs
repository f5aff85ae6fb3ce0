use festoon::timed;

#[timed(warn_over = 5)]
fn work() -> u8 {
    1
}

fn main() {
    // No second error: `work` is there.
    let _: u8 = work();
}
