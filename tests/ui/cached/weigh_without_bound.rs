use festoon::cached;

#[cached(weigh = |text| text.len())]
fn text(n: u32) -> String {
    n.to_string()
}

fn main() {
    text(1);
}
