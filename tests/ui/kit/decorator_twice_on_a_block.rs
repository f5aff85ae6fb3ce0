use festoon::timed;

struct Shop;

#[timed]
#[timed(warn_over = 5ms)]
impl Shop {
    fn price(&self) -> u32 {
        1
    }
}

fn main() {}
