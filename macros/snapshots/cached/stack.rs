#[timed]
#[cached(max = 3)]
fn outside(n: u8) -> u8 {
    n
}
