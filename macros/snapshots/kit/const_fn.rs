#[timed]
const fn two() -> u8 {
    2
}
