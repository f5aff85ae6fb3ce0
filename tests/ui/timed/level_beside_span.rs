#[festoon::timed(span, level = "debug")]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
