#[decorate(crate::stacks::loud!)]
/// Docs.
#[timed]
fn greet(name: &str) -> String {
    name.to_owned()
}
