//! Reads a file: measured, cached, and retried after a transient failure.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use festoon::{cached, retry, timed};

/// The share of reads that fail, as the bits of an `f64`.
static CHAOS: AtomicU64 = AtomicU64::new(0);

/// Makes this share of the reads fail temporarily.
pub(crate) fn set_chaos(share: f64) {
    CHAOS.store(share.to_bits(), Relaxed);
}

/// The text of a file. Invalid UTF-8 is replaced.
#[timed(name = "read")]
#[cached(max = 10_000)]
#[retry(attempts = 6, wait = exponential(1ms, max = 20ms), when = is_transient)]
pub(crate) async fn read(path: &Path) -> io::Result<Arc<str>> {
    if fastrand::f64() < f64::from_bits(CHAOS.load(Relaxed)) {
        return Err(io::Error::new(io::ErrorKind::TimedOut, "the disk is not itself today"));
    }
    let bytes = tokio::fs::read(path).await?;
    Ok(String::from_utf8_lossy(&bytes).into())
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
}
