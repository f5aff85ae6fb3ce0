use festoon::registry;

#[registry]
trait Codec {
    fn new() -> Self;
}

fn main() {}
