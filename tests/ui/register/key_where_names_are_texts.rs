use festoon::{Register, registry};

#[registry]
trait Op {}

#[derive(Register, Default)]
#[register(dyn Op, key = 7)]
struct Add;

impl Op for Add {}

fn main() {}
