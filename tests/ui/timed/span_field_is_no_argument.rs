use festoon::timed;

#[timed(span(fields(result)))]
fn find(id: u64) -> u64 {
    id
}

fn main() {}
