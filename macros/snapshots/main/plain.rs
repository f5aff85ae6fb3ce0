#[festoon::main]
fn main() {
    work();
}
