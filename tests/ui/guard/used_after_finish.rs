use festoon::{Guard, OutcomeKind};

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Tx(String);

impl Tx {
    fn end(&mut self) {}
}

fn main() {
    let tx = Tx(String::new());
    tx.finish(OutcomeKind::Success);
    tx.defuse();
}
