use festoon::timed;

#[timed(sample = 0.1)]
fn work(n: u32) {
    let _ = n;
}

fn main() {}
