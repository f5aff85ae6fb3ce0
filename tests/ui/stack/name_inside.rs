//! A name in a stack is looked up where the stack is used.
mod stacks {
    pub fn shout(next: impl FnOnce(&str) -> String, name: &str) -> String {
        next(name).to_uppercase()
    }

    festoon::stack! { pub(crate) loud = #[decorate(shout)] }
}

#[festoon::decorate(stacks::loud!)]
fn greet(name: &str) -> String {
    name.to_owned()
}

fn main() {
    stacks::shout(greet, "ada");
}
