use festoon::managers::nullcontext;
use festoon::with;

fn read(text: &str) -> Result<u8, String> {
    let number = with!(nullcontext(1) => { text.parse::<u8>() });
    number.map_err(|error| error.to_string())
}

fn main() {
    let _ = read("");
}
