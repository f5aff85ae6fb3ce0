#[festoon::test]
struct Expires;

fn main() {}
