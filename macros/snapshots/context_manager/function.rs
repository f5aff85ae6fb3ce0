/// Docs.
#[context_manager]
pub fn logged<'a>(log: &'a Log, mut name: String, (a, _): (u8, u8), #[cfg(unix)] fd: u8) -> Yields<&mut String> {
    log.enter(&name);
    let how = yield_!(&mut name);
    log.exit(&name, how);
}

impl Pool {
    #[context_manager(error = PoolError)]
    async fn lease(&self, key: &str) -> Result<Yields<Lease>, PoolError> {
        if key.is_empty() {
            return Err(PoolError::NoKey);
        }
        match yield_!(self.take(key).await?) {
            Outcome::Error(error) if error.is_minor() => return Ok(Verdict::Swallow),
            _ => self.back(key).await?,
        }
        Ok(Verdict::Pass)
    }
}
