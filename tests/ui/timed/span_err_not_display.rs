use festoon::timed;

#[derive(Debug)]
struct Refused;

#[timed(span(err))]
fn find(id: u64) -> Result<u64, Refused> {
    Ok(id)
}

fn main() {}
