#[timeout(2s)]
async fn fetch(url: String) -> Option<usize> { url. }
