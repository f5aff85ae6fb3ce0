#[timed]
impl Shop {
    const LIMIT: usize = { 3 };

    /// The block's.
    pub fn price(&self) -> u32 {
        3
    }

    pub(crate) const fn limit() -> usize {
        Self::LIMIT
    }

    #[festoon::skip]
    fn left_out(&self) {}

    #[timed(name = "own")]
    #[inline]
    async fn own(&mut self, grid: Grid<{ N + 1 }>) -> u8 {
        4
    }

    fn half_typed(&self) { if 1 }
}
