//! The decorators are attributes.
festoon::stack! { pub loud = timed, decorate(shout) }

fn main() {}
