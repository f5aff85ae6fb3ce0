use festoon::Guard;

#[derive(Guard)]
#[guard(exit = rollback)]
struct Tx(u8);

impl Tx {
    fn rollback(&mut self) {}
}

fn main() {}
