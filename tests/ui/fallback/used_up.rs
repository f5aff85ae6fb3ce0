use festoon::fallback;

#[fallback(|error: String| text.len() + error.len())]
fn fetch(text: String) -> Result<usize, String> {
    Err(text)
}

fn main() {}
