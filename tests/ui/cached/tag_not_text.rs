use festoon::cached;

#[cached(tags(prices))]
fn text(n: u32) -> String {
    n.to_string()
}

fn main() {
    text(1);
}
