use festoon::timed;

#[timed(span(fields(id = text.parse::<u64>()?)))]
fn find(text: &str) -> Result<usize, std::num::ParseIntError> {
    Ok(text.len())
}

fn main() {}
