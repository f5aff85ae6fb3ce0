use festoon::{Guard, Outcome};

#[derive(Guard)]
#[guard(exit = Self::end)]
struct ErrorNotNamed(u8);

impl ErrorNotNamed {
    fn end(&mut self, _: Outcome<'_, std::io::Error>) {}
}

fn main() {}
