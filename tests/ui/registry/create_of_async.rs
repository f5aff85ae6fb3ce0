use festoon::registry;

#[registry(async_new)]
trait Store {}

fn main() {
    let _ = <dyn Store>::registry().create("remote", ());
}
