use festoon::timed;

// The compiler speaks of the user's own tokens.
#[timed]
fn text() -> String {
    "a"
}

#[timed]
fn result() -> Result<u8, String> {
    if true {
        return 1;
    }
    Ok("b")
}

#[timed]
async fn later() -> Result<u8, String> {
    if true {
        return 1;
    }
    Ok("c")
}

#[timed]
fn moved(text: String) -> String {
    drop(text);
    text
}

fn main() {}
