use std::io;

use festoon::{ContextManager, Guard, Outcome};

#[derive(ContextManager)]
#[context(error = String)]
struct Job<'a> {
    #[managed(entered)]
    lock: Lock<'a>,
}

#[derive(Guard)]
#[guard(exit = Self::unlock, error = io::Error)]
struct Lock<'a>(&'a str);

impl Lock<'_> {
    fn unlock(&mut self, _how: Outcome<'_, io::Error>) {}
}

fn main() {
    let _ = Job { lock: Lock("a") };
}
