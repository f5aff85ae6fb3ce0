#[festoon::test]
fn expires(one: &festoon::testing::Isolated, two: u8) {}

fn main() {}
