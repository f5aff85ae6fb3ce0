use festoon::timed;

#[timed(warn_over = 5ms, level = inf)]
fn work(n: u32) {
    let _ = n;
}

fn main() {}
