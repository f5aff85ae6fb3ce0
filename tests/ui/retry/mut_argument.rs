use festoon::retry;

#[retry]
fn collect(mut found: Vec<u32>, mut n: u32) -> Result<Vec<u32>, usize> {
    n += 1;
    found.push(n);
    Err(found.len())
}

fn main() {}
