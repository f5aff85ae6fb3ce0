use festoon::Guard;

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Tx(u8);

impl Tx {
    fn end(&mut self) {}
}

impl Drop for Tx {
    fn drop(&mut self) {}
}

fn main() {}
