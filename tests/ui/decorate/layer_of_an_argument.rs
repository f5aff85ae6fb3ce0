//! A layer is made once and cannot depend on the arguments.
use festoon::{Call, Decorator, decorate};

struct Plus(u32);

impl Decorator<u32> for Plus {
    fn call(&self, _: Call<u32>, next: impl FnOnce() -> u32) -> u32 {
        next() + self.0
    }
}

#[decorate(layer = Plus(n))]
fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    double(3);
}
