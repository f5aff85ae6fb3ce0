use festoon::registry;

#[registry]
trait Codec<T> {
    fn run(&self, value: T);
}

fn main() {}
