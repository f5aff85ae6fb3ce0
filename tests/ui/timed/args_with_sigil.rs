#[festoon::timed(span, args(%name))]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
