/// Says hello.
#[festoon::register(dyn Command)]
fn greet(name: &str) -> String {
    format!("hello, {name}")
}
