fn send(_: String) -> Result<(), String> {
    Ok(())
}

#[festoon::retry]
fn post(body: String) -> Result<(), String> {
    send(body)
}

fn main() {}
