#[timed]
pub(crate) struct Shop;
