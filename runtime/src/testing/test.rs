//! The functions that `#[festoon::test]` calls.

use super::{Isolated, isolated};

/// Does a virtual clock follow tokio's paused time?
pub const HAS_TOKIO_TIME: bool = cfg!(feature = "tokio");

/// Runs a test with its own clock, caches and counts.
pub fn run<R>(test: impl FnOnce(&Isolated) -> R) -> R {
    test(&isolated())
}

/// The same in a runtime that polls the whole test on one thread, as test runtimes do.
pub async fn run_async<R>(test: impl AsyncFnOnce(&Isolated) -> R) -> R {
    test(&isolated()).await
}

/// The same without a runtime.
pub fn block_on<R>(test: impl AsyncFnOnce(&Isolated) -> R) -> R {
    crate::sync::block_on(run_async(test))
}
