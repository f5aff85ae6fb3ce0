#[cached(unbounded, key = (self.country, sku.to_lowercase(), day))]
pub(crate) fn tax(&mut self, sku: &str, day: Day) -> u64 {
    self.rate(sku)
}
