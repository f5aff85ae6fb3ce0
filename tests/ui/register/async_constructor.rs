use festoon::{Register, registry};

#[registry]
trait Store {}

#[derive(Register)]
#[register(dyn Store, name = "remote", new = Self::connect)]
struct Remote;

impl Remote {
    async fn connect() -> Self {
        Remote
    }
}

impl Store for Remote {}

fn main() {}
