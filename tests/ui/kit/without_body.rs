use festoon::timed;

trait Prices {
    #[timed]
    fn price(&self) -> u32;
}

fn main() {}
