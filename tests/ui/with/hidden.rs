use festoon::managers::nullcontext;
use festoon::with;

macro_rules! either {
    ($(if $condition:expr => $value:expr;)*) => {
        $(if $condition { let _: u8 = $value; })*
    };
}

fn read(text: &str) -> Result<(), std::num::ParseIntError> {
    with!(nullcontext(1) => {
        either! { if text.is_empty() => text.parse()?; }
    });
    Ok(())
}

fn main() {
    let _ = read("");
}
