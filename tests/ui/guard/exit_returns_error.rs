use festoon::{Guard, OutcomeKind};

#[derive(Guard)]
#[guard(exit = Self::end)]
struct ReturnsError(u8);

impl ReturnsError {
    fn end(&mut self, _: OutcomeKind) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() {}
