use festoon::registry;

#[registry]
trait Codec {}

fn main() {
    let _ = <dyn Codec>::registry().create_default(());
}
