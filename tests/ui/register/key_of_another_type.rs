use festoon::{Register, registry};

#[registry(key = u16)]
trait Op {}

#[derive(Register, Default)]
#[register(dyn Op, key = "add")]
struct Add;

impl Op for Add {}

fn main() {}
