//! Your own decorators: `cargo run --example decorate`.

use std::sync::{Condvar, Mutex};
use std::thread;

use festoon::{Call, Decorated, Decorator, decorate, stack};

/// A function that wraps a function: typed, and without boxing.
fn polite(next: impl FnOnce(&str) -> String, name: &str) -> String {
    if name.is_empty() {
        return "who are you?".to_owned();
    }
    format!("{}, please", next(name))
}

/// With a parameter: a function that returns a decorator.
fn repeated<N: Fn(&str) -> String>(times: usize) -> impl FnOnce(N, &str) -> String {
    move |next, name| (0..times).map(|_| next(name)).collect::<Vec<_>>().join(" ")
}

#[decorate(polite)]
#[decorate(repeated(2))]
fn call(name: &str) -> String {
    format!("come, {name}!")
}

/// A layer wraps any function. This one limits concurrent calls.
struct Limit {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Limit {
    fn new(calls: usize) -> Self {
        Limit { free: Mutex::new(calls), freed: Condvar::new() }
    }

    fn enter(&self) -> Permit<'_> {
        let free = self.free.lock().unwrap();
        *self.freed.wait_while(free, |free| *free == 0).unwrap() -= 1;
        Permit(self)
    }
}

/// Gives its place back when it is dropped, also after a panic.
struct Permit<'a>(&'a Limit);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap() += 1;
        self.0.freed.notify_one();
    }
}

impl<R> Decorator<R> for Limit {
    fn call(&self, call: Call<R>, next: impl FnOnce() -> R) -> R {
        let _permit = self.enter();
        let value = next();
        println!("{}: {}", call.name(), call.outcome(&value));
        value
    }
}

stack! {
    /// Several decorators under one name.
    guarded = #[timed] #[decorate(layer = Limit::new(2))]
}

#[decorate(guarded!)]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

fn main() {
    println!("{}", call("ada"));
    println!("{}", call(""));
    let parsed: Vec<_> = thread::scope(|scope| {
        let calls: Vec<_> =
            ["1", "2", "x", "4"].map(|text| scope.spawn(move || parse(text).ok())).into_iter().collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    println!("{parsed:?} in {} calls", parse.timing().calls());
}
