//! A stack without a name.
festoon::stack! { #[timed] #[decorate(shout)] }

fn main() {}
