#[festoon::test(start_paused = true)]
fn expires() {}

fn main() {}
