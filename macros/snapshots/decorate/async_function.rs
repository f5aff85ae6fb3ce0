#[decorate(shout)]
async fn greet(&mut self, name: &str) -> Result<String, Error> {
    Ok(name.parse()?)
}
