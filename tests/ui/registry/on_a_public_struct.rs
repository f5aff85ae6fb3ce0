/// A codec.
#[festoon::registry]
pub struct Codec;

fn main() {}
