use festoon::cached;

#[cached(key = id, skip(lang))]
fn name(id: u32, lang: &str) -> String {
    format!("{id}{lang}")
}

fn main() {}
