#[hedge]
async fn nothing() -> Option<usize> {
    None
}

#[hedge(after = p94, idempotent, budget = 2, clone(self, other))]
fn plain(n: u32) -> Option<usize> {
    None
}
