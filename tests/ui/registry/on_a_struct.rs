use festoon::registry;

#[registry]
struct Codec;

fn main() {}
