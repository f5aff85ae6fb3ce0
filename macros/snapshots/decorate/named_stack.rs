#[decorate(crate::stacks::loud!)]
/// Docs.
fn greet(name: &str) -> String {
    name.to_owned()
}
