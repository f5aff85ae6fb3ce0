//! A library that the tests use in two versions in one program: the same paths, the same lines.

use std::path::PathBuf;

use festoon::{cached, invalidates, retry, timed};

/// What the values of a version begin with: 100 of 0.1, 200 of 0.2.
#[must_use]
pub fn base() -> u32 {
    if env!("CARGO_PKG_VERSION_MINOR") == "1" { 100 } else { 200 }
}

/// Cached.
#[must_use]
#[cached(tags("twins"))]
pub fn price(n: u32) -> u32 {
    base() + n
}

/// Makes [`price`] stale.
#[invalidates(price(n))]
pub fn set_price(n: u32) {}

/// Makes all of [`price`] stale.
#[invalidates(price)]
pub fn set_prices() {}

/// With everything that has a handle.
///
/// # Errors
/// For zero.
#[timed]
#[cached]
#[retry(attempts = 2, wait = fixed(1ms))]
pub fn load(n: u32) -> Result<u32, String> {
    if n == 0 { Err("nothing".to_owned()) } else { Ok(base() + n) }
}

/// Kept in a file that both versions have.
#[must_use]
#[cached(store = disk(file()))]
pub fn kept(n: u32) -> u32 {
    base() + n
}

fn file() -> PathBuf {
    std::env::temp_dir().join(format!("festoon-twins-{}", std::process::id()))
}
