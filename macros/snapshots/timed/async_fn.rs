#[timed]
pub async fn load(id: u64) -> io::Result<impl Iterator<Item = u8>> {
    let bytes = fetch(id).await?;
    Ok(bytes.into_iter())
}
