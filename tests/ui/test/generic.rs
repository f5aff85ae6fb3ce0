#[festoon::test]
fn expires<T>() {}

fn main() {}
