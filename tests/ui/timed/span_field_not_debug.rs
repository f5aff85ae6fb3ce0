use festoon::timed;

struct Secret;

#[timed(span(fields(?secret)))]
fn ship(secret: Secret) {
    drop(secret);
}

fn main() {}
