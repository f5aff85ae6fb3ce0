#[decorate(shout)]
fn greet(name: &str) -> String { if name. }
