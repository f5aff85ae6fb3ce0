use festoon::timed;

#[timed(span, skip_all, err, fields(id = name.len()))]
fn find(name: &str) -> Option<usize> {
    name.find('x')
}

fn main() {}
