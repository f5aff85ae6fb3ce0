use festoon::registry;

#[registry(args(text: &str, parts: Vec<std::borrow::Cow<'_, str>>, fine: &'static str))]
trait Codec {}

fn main() {}
