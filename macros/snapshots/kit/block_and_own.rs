#[decorate(outer)]
#[timed(name = "block")]
impl Shop {
    #[timed(name = "own")]
    #[decorate(inner)]
    fn price(&self, sku: &str) -> u8 {
        1
    }

    fn other(&self, sku: &str) -> u8 {
        2
    }
}
