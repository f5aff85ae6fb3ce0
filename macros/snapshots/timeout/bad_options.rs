#[timeout]
async fn nothing() -> Option<u32> {
    None
}

#[timeout(0s, after = 3)]
async fn zero() -> Option<u32> {
    None
}

#[timeout(2)]
fn plain() -> Option<u32> {
    None
}
