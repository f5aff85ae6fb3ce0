use festoon::{Register, registry};

#[registry]
trait Layer {}

#[derive(Register, Default)]
#[register(dyn Layer, name = "auth", before("auth"), after("log"))]
struct Auth;

impl Layer for Auth {}

fn main() {}
