/// Stays, and stays first.
#[timed(nam = "f", warn_over = 5)]
pub fn f(n: u64) -> u64 {
    n + 1
}
