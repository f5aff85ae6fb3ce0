//! There is no such stack.
use festoon::{decorate, stack};

stack! { loud = #[timed] }

#[decorate(lout!)]
fn one() {}

fn main() {}
