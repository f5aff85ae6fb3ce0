use festoon::timed;

#[timed(args(n), level = info)]
fn work(n: u32) {
    let _ = n;
}

fn main() {}
