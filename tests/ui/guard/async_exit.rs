use festoon::Guard;

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Async(u8);

impl Async {
    async fn end(&mut self) {}
}

fn main() {}
