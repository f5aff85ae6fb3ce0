use festoon::Guard;

#[derive(Guard)]
#[guard(exit = Self::end)]
struct ByReference(u8);

impl ByReference {
    fn end(&self) {}
}

fn main() {}
