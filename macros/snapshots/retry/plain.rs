#[retry]
pub fn load(path: &str) -> io::Result<String> {
    let text = fs::read_to_string(path)?;
    Ok(text)
}
