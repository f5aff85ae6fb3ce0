use festoon::with;

fn main() {
    with!(_one = 1 => {});
}
