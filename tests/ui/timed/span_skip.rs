use festoon::timed;

#[timed(span(skip_all, fields(id)))]
fn find(id: u64, token: &str) -> bool {
    token.len() as u64 > id
}

fn main() {}
