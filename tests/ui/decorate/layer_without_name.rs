use festoon::{Call, Decorator, decorate};

struct Logger;

impl<R> Decorator<R> for Logger {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        next()
    }
}

#[decorate(Logger)]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
