#[registry(serde(tag = "type"), default = "gzip")]
trait Codec: Send {
    fn run(&self);
}
