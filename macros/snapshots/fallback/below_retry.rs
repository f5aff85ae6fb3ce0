#[retry(attempts = 2)]
#[fallback(80)]
fn port(text: &str) -> Option<u16> {
    text.parse().ok()
}
