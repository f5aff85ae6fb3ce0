#[registry]
trait Codec {
    fn run(&self) -> String { if 1 }
}
