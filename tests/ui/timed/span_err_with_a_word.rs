use festoon::timed;

#[timed(span(err(debug)))]
fn find(id: u64) -> Result<u64, String> {
    Ok(id)
}

fn main() {}
