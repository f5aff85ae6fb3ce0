struct Token;

#[festoon::retry(clone(token))]
fn post(token: Token) -> Result<(), String> {
    drop(token);
    Ok(())
}

fn main() {}
