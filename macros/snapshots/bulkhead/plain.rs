#[bulkhead(10, queue = 5, wait = 1s)]
fn query(sql: &str) -> Option<usize> {
    Some(sql.len())
}

#[bulkhead(adaptive)]
async fn follows(sql: String) -> Option<usize> {
    Some(sql.len())
}

#[bulkhead(4, wait)]
async fn resize(picture: Vec<u8>) -> usize {
    picture.len()
}
