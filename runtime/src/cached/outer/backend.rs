//! What a store outside of the process has to do. It sees names and bytes only.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use super::error::StoreError;
use super::lease::Lease;

/// What the store says, when it says it. What it takes to get there does not depend on its being polled, so that nothing
/// is left half done when a call is cancelled.
pub(super) type Answer<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

/// How the caller waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It keeps its thread.
    Blocking,
    /// It gives its thread back.
    Awaiting,
}

/// Who computes a value that the store does not have.
#[derive(Debug)]
pub(super) enum Turn {
    /// Nobody needs to: here it is.
    Entry(Vec<u8>),
    /// The caller.
    Lead(Lease),
    /// Somebody who is at it.
    Wait,
}

/// One store.
pub(super) trait Backend: Debug + Send + Sync + 'static {
    /// The entry of that name.
    fn get(&self, how: How, name: String) -> Answer<Option<Vec<u8>>>;
    /// Asks for the right to compute it.
    fn lead(&self, how: How, name: String) -> Answer<Turn>;
    /// Puts an entry in. With a lease only as long as that holds: it may have been lost, or the entry invalidated.
    fn put(&self, how: How, name: String, entry: Vec<u8>, ttl: Option<Duration>, lease: Option<Lease>) -> Answer<()>;
    /// Takes an entry out, if it is still this one.
    fn discard(&self, how: How, name: String, entry: Vec<u8>) -> Answer<()>;
    /// Takes an entry out, and the right to write it from whoever is computing it. Was there one?
    fn remove(&self, how: How, name: String) -> Answer<bool>;
    /// The same for every name that begins like this.
    fn clear(&self, how: How, prefix: String) -> Answer<()>;
    /// How long a call waits for another process before it runs the body itself.
    fn patience(&self) -> Duration;
}
