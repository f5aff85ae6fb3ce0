use festoon::with;

fn main() {
    with!(=> {});
}
