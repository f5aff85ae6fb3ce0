use festoon::cached;

#[cached(if = |text| text.len() < longest)]
fn text(n: u32, longest: usize) -> String {
    let _ = longest;
    n.to_string()
}

fn main() {
    text(1, 2);
}
