//! A layer for functions that give a `Result` on another one.
use festoon::{Call, Decorator, decorate};

struct Shed;

impl<T> Decorator<Result<T, String>> for Shed {
    fn call(&self, _: Call<Result<T, String>>, _: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        Err("no".to_owned())
    }
}

#[decorate(layer = Shed)]
fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    double(3);
}
