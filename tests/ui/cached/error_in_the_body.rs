use festoon::cached;

#[cached]
fn square(n: u32) -> u32 {
    n * "n"
}

#[cached]
fn wrong(n: u32) -> String {
    n
}

fn main() {}
