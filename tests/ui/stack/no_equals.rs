//! A stack that is written as a function.
festoon::stack! { loud(#[timed]) }

fn main() {}
