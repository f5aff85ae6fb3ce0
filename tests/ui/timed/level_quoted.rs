#[festoon::timed(warn_over = 5ms, level = "debug")]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
