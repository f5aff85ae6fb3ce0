//! A stack on something that cannot be called.
use festoon::{decorate, stack};

stack! { loud = #[timed] }

#[decorate(loud!)]
struct Thing;

fn main() {}
