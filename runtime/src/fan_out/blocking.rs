//! An async function from sync code.

use super::each::Each;
use crate::sync::block_on;

/// Calls an async function from sync code and blocks the thread until it completes: for `#[offload]` functions, which
/// do their work on another thread.
///
/// ```
/// use festoon::{Blocking, offload};
///
/// #[offload]
/// fn double(n: u32) -> u32 { n * 2 }
///
/// # #[cfg(feature = "rayon")]
/// assert_eq!(double.blocking(4), 8);
/// ```
///
/// The future is polled on this thread, without an executor: a function that waits for a timer or a socket of tokio
/// panics or never completes here. Pass several arguments as a tuple, as in [`Each`].
pub trait Blocking<Arguments>: Each<Arguments, Output: Future> {
    /// Returns the result of the call.
    fn blocking(&self, input: Self::Input) -> <Self::Output as Future>::Output {
        block_on(self.call_with(input))
    }
}

#[diagnostic::do_not_recommend]
impl<F: Each<Arguments, Output: Future>, Arguments> Blocking<Arguments> for F {}
