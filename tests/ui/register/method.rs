use festoon::{register, registry};

#[registry]
trait Command {}

struct Shop;

impl Shop {
    #[register(dyn Command, name = "sell")]
    fn sell(&self) {}
}

fn main() {}
