#[interned]
fn label(id: u32) -> Interned<str> {
    format!("label {id}")
}

#[interned]
async fn fetch(url: &str) -> std::io::Result<Interned<[u8]>> {
    get(url).await
}

#[interned]
fn by_alias(text: &str) -> Label {
    text
}
