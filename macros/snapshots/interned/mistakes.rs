#[interned(len = 3)]
fn label(id: u32) -> Interned<str> {
    format!("label {id}")
}

#[interned]
fn text(id: u32) -> Result<Vec<String>, Error> {
    Ok(Vec::new())
}
