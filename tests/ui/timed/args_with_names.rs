#[festoon::timed(span, args(length = name.len()))]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
