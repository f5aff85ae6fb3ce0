//! A stack is as visible as it says.
mod stacks {
    festoon::stack! { loud = #[timed] }
}

#[festoon::decorate(stacks::loud!)]
fn one() {}

fn main() {}
