use festoon::timed;

#[timed(span(err))]
fn find(id: u64) -> u64 {
    id
}

fn main() {}
