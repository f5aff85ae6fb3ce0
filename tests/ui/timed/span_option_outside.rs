use festoon::timed;

#[timed(span, err)]
fn find(id: u64) -> Result<u64, String> {
    Ok(id)
}

fn main() {}
