#[festoon::retry(when = |error| error.is_empty(), until = |count| *count > 3)]
fn find(name: &str) -> usize {
    name.len()
}

fn main() {}
