#[timed]
mod shop {
    fn without_body()

    fn behind(n: Vec<u8) -> u8 {
        1
    }

    fn price(&self) -> u8 {
        2
    }

    pub

    struct Half {
        name:
    }

    fn last(self) -> [u8; { N }] {
        self.
    }
}
