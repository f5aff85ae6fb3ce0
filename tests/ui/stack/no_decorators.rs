//! An empty stack.
festoon::stack! { pub loud = }

fn main() {}
