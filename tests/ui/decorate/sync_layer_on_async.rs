//! A layer for plain functions on an async one.
use festoon::{Call, Decorator, decorate};

struct Plain;

impl<R> Decorator<R> for Plain {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        next()
    }
}

#[decorate(layer = Plain)]
async fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    drop(double(3));
}
