use festoon::timed;

#[timed(span(fields(%shown = sku)))]
fn find(sku: &str) -> bool {
    sku.is_empty()
}

fn main() {}
