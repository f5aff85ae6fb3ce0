//! A stack has no options.
use festoon::{decorate, stack};

stack! { loud = #[timed] }

#[decorate(loud!, layer = 3)]
fn one() {}

fn main() {}
