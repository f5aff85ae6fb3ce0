#[timeout(2s)]
async fn fetch(url: String) -> std::io::Result<usize> {
    Ok(url.len())
}

#[timeout(self.limit)]
async fn own(&mut self, n: u32) -> Option<u32> {
    Some(n)
}
