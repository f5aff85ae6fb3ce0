use festoon::timed;

#[timed(span(fields(id, id = id + 1)))]
fn find(id: u64) -> u64 {
    id
}

fn main() {}
