#[bulkhead(0, max = 3, queue = 0, wait)]
fn zero() -> Option<usize> {
    None
}

#[bulkhead(50, adaptive = 3, max = 20)]
fn above() -> Option<usize> {
    None
}
