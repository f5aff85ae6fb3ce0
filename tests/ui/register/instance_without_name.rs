use festoon::{register, registry};

#[registry]
trait Codec {}

#[register]
impl Codec for Vec<u8> {}

fn main() {}
