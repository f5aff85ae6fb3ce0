#[festoon::retry(until = |found| found.is_some())]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
