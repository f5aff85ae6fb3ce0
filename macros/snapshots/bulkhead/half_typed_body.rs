#[bulkhead(10)]
fn query(sql: &str) -> Option<usize> { sql. }
