use festoon::cached;

struct Query(String);

#[cached]
fn ask(query: &Query) -> usize {
    query.0.len()
}

fn main() {}
