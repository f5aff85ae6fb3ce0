use festoon::timed;

#[timed(span(ret))]
#[track_caller]
fn find(id: u64) -> u64 {
    id
}

fn main() {}
