use festoon::timed;

#[derive(Clone)]
struct Secret;

#[timed(warn_over = 5ms, args(secret))]
fn work(secret: Secret) {
    drop(secret);
}

fn main() {}
