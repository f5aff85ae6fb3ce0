use festoon::cached;

#[cached(max_weight = 64mb)]
fn text(n: u32) -> String {
    n.to_string()
}

fn main() {
    text(1);
}
