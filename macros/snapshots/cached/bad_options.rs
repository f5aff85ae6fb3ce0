#[cached(max = 0, unbounded, key = id, skip(lang), tll = 5m)]
pub fn name(id: u64, lang: &str) -> String {
    format!("{id}{lang}")
}
