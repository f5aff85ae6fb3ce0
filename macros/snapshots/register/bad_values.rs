#[festoon::register(dyn Command, singleton, new = new, for = Greet<)]
fn greet(&self) {}
#[festoon::register(dyn Command, singleton, new = new, before("greet"))]
fn greet() { if 1 }
#[festoon::register(dyn Codec, name = "a", key = 1, tag(a = 1, a = 2))]
struct Gzip {
    #[field(min = 0, min = 1, max)]
    level: u32,
}
