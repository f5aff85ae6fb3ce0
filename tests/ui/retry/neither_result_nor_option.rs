#[festoon::retry]
fn find(name: String) -> usize {
    name.len()
}

fn main() {}
