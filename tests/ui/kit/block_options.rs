use festoon::timed;

struct Shop;

// Told once, not for each function.
#[timed(warn_over = 5)]
impl Shop {
    fn a(&self) {}

    fn b(&self) {}
}

fn main() {
    Shop.a();
    Shop.b();
}
