#[fallback(80)]
fn port(text: &str) -> Result<u16, ParseIntError> {
    text.parse()
}

#[fallback(async |error| later(error, url).await)]
async fn fetch(url: String) -> std::io::Result<usize> {
    Ok(url.len())
}

#[fallback(or_else = Err)]
fn same(n: u32) -> Result<u32, u32> {
    Err(n)
}
