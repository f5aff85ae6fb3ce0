use festoon::interned;

#[interned]
fn label(id: u32) -> Result<String, std::fmt::Error> {
    Ok(format!("label {id}"))
}

fn main() {
    let _ = label(1);
}
