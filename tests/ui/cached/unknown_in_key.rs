use festoon::cached;

#[cached(key = (id, langauge))]
fn name(id: u32, language: &str) -> String {
    format!("{id}{language}")
}

fn main() {}
