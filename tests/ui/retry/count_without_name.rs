#[festoon::retry(3)]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
