use festoon::registry;

#[derive(Debug)]
struct Code(u16);

#[registry(key = Code)]
trait Operation {}

fn main() {}
