use festoon::retry;

#[retry]
fn post(url: String, body: String) -> Result<(), String> {
    println!("{url}");
    Err(body)
}

fn main() {}
