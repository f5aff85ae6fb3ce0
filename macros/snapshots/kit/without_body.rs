trait Prices {
    #[timed]
    fn price(&self) -> u32;
}
