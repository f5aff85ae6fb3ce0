#[hedge(after = 100ms, idempotent)]
async fn read(key: &str) -> Option<usize> { key. }
