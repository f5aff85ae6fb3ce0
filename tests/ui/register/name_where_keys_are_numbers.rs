use festoon::{Register, registry};

#[registry(key = u16)]
trait Operation {}

#[derive(Register, Default)]
#[register(dyn Operation, name = "push")]
struct Push;

impl Operation for Push {}

fn main() {}
