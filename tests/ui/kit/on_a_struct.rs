use festoon::timed;

#[timed]
pub struct Shop;

fn main() {}
