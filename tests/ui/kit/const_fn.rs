use festoon::timed;

#[timed]
const fn two() -> u8 {
    2
}

fn main() {}
