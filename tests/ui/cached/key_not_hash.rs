use festoon::cached;

#[derive(Clone, PartialEq, Eq)]
struct Query(String);

#[cached]
fn ask(query: Query) -> usize {
    query.0.len()
}

fn main() {}
