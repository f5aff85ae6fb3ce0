use festoon::Guard;

#[derive(Guard)]
struct Tx(u8);

fn main() {}
