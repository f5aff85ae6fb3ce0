use festoon::Guard;

#[derive(Guard)]
#[guard(exit = Self::end, entered = since)]
struct Scope {
    depth: u32,
}

impl Scope {
    fn end(&mut self) {}
}

fn main() {}
