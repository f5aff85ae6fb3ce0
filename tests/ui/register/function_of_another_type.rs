use festoon::{register, registry};

#[registry]
trait Command: Fn(&str) -> String {}

impl<F: Fn(&str) -> String> Command for F {}

#[register(dyn Command)]
fn count(text: &str) -> usize {
    text.len()
}

fn main() {}
