use festoon::Guard;

#[derive(Guard)]
#[guard(exit = Self::end)]
enum State {
    Open,
    Closed,
}

fn main() {}
