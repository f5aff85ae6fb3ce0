use festoon::timed;

type Outcome = Option<u64>;

#[timed(span(err))]
fn find(id: u64) -> Outcome {
    Some(id)
}

fn main() {}
