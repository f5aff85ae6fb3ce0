use festoon::cached;

const ROOM: usize = 0;

#[cached(max = ROOM)]
fn square(n: u32) -> u32 {
    n * n
}

fn main() {}
