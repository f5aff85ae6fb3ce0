use festoon::timed;

#[timed(span(follows_from = id))]
fn find(id: u64) -> u64 {
    id
}

fn main() {}
