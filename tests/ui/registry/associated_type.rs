use festoon::registry;

#[registry]
trait Codec {
    type Output;
}

fn main() {}
