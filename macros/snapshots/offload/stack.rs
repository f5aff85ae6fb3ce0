#[timed]
#[offload]
#[decorate(shout)]
fn greet(name: String) -> String {
    name
}
