use festoon::timed;

#[timed(sample = 1/0)]
fn work(n: u32) {
    let _ = n;
}

fn main() {}
