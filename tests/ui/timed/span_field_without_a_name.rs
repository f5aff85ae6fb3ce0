use festoon::timed;

#[timed(span(fields(%sku.len())))]
fn find(sku: &str) -> bool {
    sku.is_empty()
}

fn main() {}
