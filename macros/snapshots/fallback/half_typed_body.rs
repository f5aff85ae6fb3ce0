#[fallback(80)]
fn port(text: &str) -> Option<u16> { text. }
