//! A rate limit that processes share: `store = redis`.

use std::mem;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::{RateLimit, SITES, Turn};
use crate::cache::Redis;
use crate::cached::policies::{Answered, Rate, SharedState, Sharing};
use crate::clock;
use crate::policies::Policies;
use crate::refused::Refused;
use crate::sync::block_on;

/// With the feature `redis`.
impl RateLimit {
    /// Shares the limit with every process that uses this name on this server: `#[rate_limit(.., store = redis)]` as a
    /// value. Each call takes one request to the server.
    ///
    /// While the server is unavailable, each process applies the limit by itself.
    ///
    /// ```no_run
    /// use festoon::RateLimit;
    /// use festoon::cache::Redis;
    /// use std::time::Duration;
    ///
    /// static API: RateLimit = RateLimit::new(100, Duration::from_secs(1)).shared("api", Redis::from_env);
    /// ```
    #[must_use]
    pub const fn shared(self, name: &'static str, server: fn() -> Redis) -> Self {
        self.sharing(Sharing::on(server).named(name))
    }

    /// For expansions.
    #[doc(hidden)]
    #[must_use]
    pub const fn sharing(mut self, sharing: Sharing) -> Self {
        // The old one has nothing to drop, which a `const fn` could not do.
        mem::forget(mem::replace(&mut self.sharing, sharing));
        self
    }

    /// Returns how often the server was unavailable.
    pub fn store_errors(&self) -> u64 {
        self.state().map_or(0, SharedState::errors)
    }

    fn state(&self) -> Option<&SharedState> {
        self.sharing.state("rate_limit", |path| SITES.get_all(path).len())
    }

    fn rate(&self) -> Rate {
        Rate { calls: self.calls, per: self.per, burst: self.burst, wait: self.wait.unwrap_or(Duration::ZERO) }
    }

    pub(super) fn reset_shared(&self) {
        self.state().into_iter().for_each(SharedState::forget);
    }

    #[cold]
    #[inline(never)]
    pub(super) fn admit_shared(&self) -> Option<Result<Turn, Refused>> {
        let turn = block_on(self.ask())?;
        Some(turn.map(|turn| {
            clock::sleep(turn.wait);
            turn.come()
        }))
    }

    pub(super) async fn admit_shared_async(&self) -> Option<Result<Turn, Refused>> {
        let turn = match self.ask().await? {
            Ok(turn) => turn,
            Err(refused) => return Some(Err(refused)),
        };
        clock::sleep_async(turn.wait).await;
        Some(Ok(turn.come()))
    }

    /// Asks the server; `None` if it is unavailable, and this process has to decide by itself.
    async fn ask(&self) -> Option<Result<SharedTurn<'_>, Refused>> {
        let Answered { is_admitted, wait, ahead, due } = self.state()?.admit(self.rate()).await?;
        if !is_admitted && self.wait == Some(Duration::MAX) {
            // It waits for as long as it takes; the server needs a number.
            return None;
        }
        // Stores what this process knows, also for when it has to decide by itself.
        self.due.store(clock::ticks().saturating_add(clock::ticks_in(ahead)), Relaxed);
        Some(if is_admitted {
            Ok(SharedTurn { limit: self, wait, due })
        } else {
            Err(self.refuse(clock::ticks_in(wait)))
        })
    }
}

/// A reserved turn, which may be in the future.
struct SharedTurn<'l> {
    limit: &'l RateLimit,
    wait: Duration,
    due: String,
}

impl SharedTurn<'_> {
    fn come(mut self) -> Turn {
        self.wait = Duration::ZERO;
        Turn {}
    }
}

impl Drop for SharedTurn<'_> {
    /// Returns the turn of a call that stopped waiting, unless another call is already queued behind it.
    fn drop(&mut self) {
        if !self.wait.is_zero()
            && let Some(state) = self.limit.state()
        {
            state.give_back(self.limit.rate(), &self.due);
        }
    }
}

impl Policies<RateLimit> {
    /// Returns how often the server of `store = redis` was unavailable, summed over all known keys.
    pub fn store_errors(&self) -> u64 {
        self.sum(RateLimit::store_errors)
    }
}
