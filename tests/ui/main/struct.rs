#[festoon::main]
struct Main;

fn main() {}
