//! A layer is shared by all threads.
use festoon::{Call, Decorator, decorate};
use std::cell::Cell;

struct Count(Cell<u32>);

impl<R> Decorator<R> for Count {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        self.0.set(self.0.get() + 1);
        next()
    }
}

#[decorate(layer = Count(Cell::new(0)))]
fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    double(3);
}
