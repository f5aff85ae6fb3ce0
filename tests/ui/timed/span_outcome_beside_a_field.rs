use festoon::timed;

#[timed(span(outcome, fields(outcome = 1)))]
fn find(id: u64) -> u64 {
    id
}

fn main() {}
