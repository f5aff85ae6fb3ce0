//! Mistakes are told at the stack, once.
use festoon::{decorate, stack};

stack! { loud = #[decorate] #[timed(warn_over = 5)] }

#[decorate(loud!)]
fn one() {}

#[decorate(loud!)]
fn two() {}

fn main() {}
