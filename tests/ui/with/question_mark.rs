use festoon::managers::nullcontext;
use festoon::with;

fn read(text: &str) -> Option<u8> {
    with!(nullcontext(1) => {
        let number: u8 = text.parse()?;
        Some(number)
    })
}

fn main() {
    let _ = read("");
}
