#[festoon::timed("shop.find")]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
