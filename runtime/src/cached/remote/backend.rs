//! What a store outside of the process has to do. It sees names and bytes only.

use std::fmt::Debug;
use std::pin::Pin;
use std::time::{Duration, Instant};

use super::error::StoreError;
use super::follow::Follower;
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

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) how: How,
    /// How much longer it waits for the store.
    pub(super) left: Duration,
}

impl Caller {
    /// Waits for an answer, which takes from what is left.
    pub(super) async fn spend<T>(&mut self, ask: impl FnOnce(Caller) -> Answer<T>) -> Result<T, StoreError> {
        let start = Instant::now();
        let answer = ask(*self).await;
        self.left = self.left.saturating_sub(start.elapsed());
        answer
    }
}

/// What the store has under a name.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) entry: Vec<u8>,
    /// How long it lives from now on, where that was asked; `None` for ever.
    pub(super) left: Option<Duration>,
}

/// What those who keep copies of an entry in memory are told when it changes; nothing where nobody does.
pub(super) type News = Option<Vec<u8>>;

/// Who computes a value that the store does not have.
#[derive(Debug)]
pub(super) enum Turn {
    /// Nobody needs to: here it is.
    Entry(Found),
    /// The caller.
    Lead(Lease),
    /// Somebody who is at it.
    Wait,
}

/// One store.
pub(super) trait Backend: Debug + Send + Sync + 'static {
    /// The entry of that name, and its age if that is wanted.
    fn get(&self, caller: Caller, name: String, aged: bool) -> Answer<Option<Found>>;
    /// Asks for the right to compute it.
    fn lead(&self, caller: Caller, name: String) -> Answer<Turn>;
    /// Takes that right from whoever has it: what they are about to write is older than what the caller will.
    fn seize(&self, caller: Caller, name: String) -> Answer<Lease>;
    /// Puts an entry in, if the lease still holds: it may have been lost, or the entry invalidated. Has it been put in?
    fn put(&self, caller: Caller, put: Put) -> Answer<bool>;
    /// Takes an entry out, if it is still this one.
    fn discard(&self, caller: Caller, name: String, entry: Vec<u8>) -> Answer<()>;
    /// Takes an entry out, and the right to write it from whoever is computing it. Was there one?
    fn remove(&self, caller: Caller, name: String, news: News) -> Answer<bool>;
    /// The same for every name that begins like this.
    fn clear(&self, caller: Caller, prefix: String, news: News) -> Answer<()>;
    /// How much longer a call may take because of the store.
    fn budget(&self) -> Duration;
    /// How long a call waits for another process before it runs the body itself.
    fn patience(&self) -> Duration;
    /// From now on, this one is told what others do to entries whose names begin like this.
    fn follow(&self, _prefix: &str, _follower: &'static dyn Follower) {}
}

/// An entry to be put in.
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
