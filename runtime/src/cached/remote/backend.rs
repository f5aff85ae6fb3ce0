//! The interface of a store outside of the process. It sees only names and bytes.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::{Duration, Instant};

use super::error::StoreError;
use super::follow::Follower;
use super::lease::Lease;

/// The store's answer, when it arrives. The request proceeds even if this is not polled, so that nothing is left
/// unfinished when a call is cancelled.
pub(super) type Answer<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;

/// How the caller waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It blocks its thread.
    Blocking,
    /// It yields its thread.
    Awaiting,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) how: How,
    /// How much longer it waits for the store.
    pub(super) left: Duration,
}

impl Caller {
    /// Waits for an answer, which uses up some of the remaining time.
    pub(super) async fn spend<T>(&mut self, ask: impl FnOnce(Caller) -> Answer<T>) -> Result<T, StoreError> {
        let start = Instant::now();
        let answer = ask(*self).await;
        self.left = self.left.saturating_sub(start.elapsed());
        answer
    }
}

/// An entry that the store has under a name.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) entry: Vec<u8>,
    /// How long it lives from now on, if that was requested; `None` for ever.
    pub(super) left: Option<Duration>,
}

/// The message to processes with copies of an entry in memory when it changes; `None` if there are none.
pub(super) type News = Option<Vec<u8>>;

/// Who computes a value that is not in the store.
#[derive(Debug)]
pub(super) enum Turn {
    /// No computation is needed: here is the entry.
    Entry(Found),
    /// The caller.
    Lead(Lease),
    /// Another process is computing it.
    Wait,
}

/// One store.
pub(super) trait Backend: Debug + Send + Sync + 'static {
    /// The entry with that name, and its age if requested.
    fn get(&self, caller: Caller, name: String, aged: bool) -> Answer<Option<Found>>;
    /// Requests the right to compute it.
    fn lead(&self, caller: Caller, name: String) -> Answer<Turn>;
    /// Takes that right from its holder, whose value would be older than the caller's.
    fn seize(&self, caller: Caller, name: String) -> Answer<Lease>;
    /// Writes an entry if the lease is still valid: it may have been lost, or the entry invalidated. Was it written?
    fn put(&self, caller: Caller, put: Put) -> Answer<bool>;
    /// Removes an entry, if it is still this one.
    fn discard(&self, caller: Caller, name: String, entry: Vec<u8>) -> Answer<()>;
    /// Removes an entry, and revokes the right to write it from the process that is computing it. Was there one?
    fn remove(&self, caller: Caller, name: String, news: News) -> Answer<bool>;
    /// The same for every name with this prefix.
    fn clear(&self, caller: Caller, prefix: String, news: News) -> Answer<()>;
    /// How much longer a call may take because of the store.
    fn budget(&self) -> Duration;
    /// How long a call waits for another process before it runs the body itself.
    fn patience(&self) -> Duration;
    /// From now on, notifies this follower of changes by other processes to entries whose names have this prefix.
    fn follow(&self, _prefix: &str, _follower: &'static dyn Follower) {}
}

/// An entry to be written.
#[derive(Debug)]
pub(super) struct Put {
    pub(super) name: String,
    pub(super) entry: Vec<u8>,
    pub(super) ttl: Option<Duration>,
    pub(super) lease: Lease,
    pub(super) news: News,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::block_on;

    #[test]
    fn what_one_command_takes_is_missing_for_the_next() {
        let mut caller = Caller { how: How::Blocking, left: Duration::from_millis(100) };
        let takes = |length: u64| {
            move |_: Caller| -> Answer<()> {
                std::thread::sleep(Duration::from_millis(length));
                Box::pin(std::future::ready(Ok(())))
            }
        };
        block_on(caller.spend(takes(30))).unwrap();
        assert!(caller.left <= Duration::from_millis(70), "{:?}", caller.left);
        block_on(caller.spend(takes(80))).unwrap();
        assert_eq!(caller.left, Duration::ZERO);
    }
}
