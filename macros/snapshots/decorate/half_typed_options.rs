#[decorate(shout::)]
fn greet(name: &str) -> String { name.to_owned() }

#[decorate(layer =)]
fn later(name: &str) -> String { name.to_owned() }
