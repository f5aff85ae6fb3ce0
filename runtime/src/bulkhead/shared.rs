//! A bulkhead that processes share: `store = redis`.

use std::mem;
use std::time::Duration;

use super::handle::SITES;
use super::{Bulkhead, Place};
use crate::cache::Redis;
use crate::cached::policies::{SharedPermit, SharedState, Sharing};
use crate::clock;
use crate::policies::Policies;
use crate::refused::{Reason, Refused};
use crate::sync::block_on;

/// The wait between two requests for a permit: `min(2^n * 5 ms, 200 ms)`, each random between half of it and all of it.
const FIRST: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_millis(200);

/// With the feature `redis`.
impl Bulkhead {
    /// Shares the limit with every process that uses this name on this server: `#[bulkhead(.., store = redis)]` as a
    /// value.
    ///
    /// Each call holds a permit on the server, which becomes free soon after its process has died. While the server is
    /// unavailable, each process applies the limit by itself.
    ///
    /// ```no_run
    /// use festoon::Bulkhead;
    /// use festoon::cache::Redis;
    ///
    /// static DATABASE: Bulkhead = Bulkhead::new(10).shared("database", Redis::from_env);
    /// ```
    ///
    /// # Panics
    /// If it is [`adaptive`](Bulkhead::adaptive); in a `static` this is a compile error.
    #[must_use]
    pub const fn shared(self, name: &'static str, server: fn() -> Redis) -> Self {
        assert!(self.adaptive.is_none(), "an adaptive limit cannot be shared: each process learns its own limit");
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
        self.sharing.state("bulkhead", |path| SITES.get_all(path).len())
    }

    /// A permit; the inner option is `None` if all are taken, the outer one if the server is unavailable.
    async fn ask(&self) -> Option<Option<SharedPermit>> {
        self.state()?.enter(self.limit).await
    }

    #[cold]
    #[inline(never)]
    pub(super) fn enter_shared(&self) -> Result<Place<'_>, Refused> {
        let mut turn = self.turn();
        let mut place = if self.queue.enter() { Place::new(self) } else { self.enter_slowly()? };
        loop {
            match block_on(self.ask()) {
                Some(None) => clock::sleep(turn.pause()?),
                permit => {
                    place.permit = permit.flatten().map(Box::new);
                    return Ok(place);
                }
            }
        }
    }

    pub(super) async fn enter_shared_async(&self) -> Result<Place<'_>, Refused> {
        let mut turn = self.turn();
        let mut place = if self.queue.enter() { Place::new(self) } else { self.enter_slowly_async().await? };
        loop {
            match self.ask().await {
                Some(None) => clock::sleep_async(turn.pause()?).await,
                permit => {
                    place.permit = permit.flatten().map(Box::new);
                    return Ok(place);
                }
            }
        }
    }

    fn turn(&self) -> Turn<'_> {
        let until = self.wait.map(|wait| clock::ticks().saturating_add(clock::ticks_in(wait)));
        Turn { bulkhead: self, until, next: FIRST }
    }
}

/// A call that polls until there is a permit, since other processes cannot wake this one.
struct Turn<'b> {
    bulkhead: &'b Bulkhead,
    /// In ticks.
    until: Option<u64>,
    next: Duration,
}

impl Turn<'_> {
    fn pause(&mut self) -> Result<Duration, Refused> {
        if self.bulkhead.most_waiting == 0 {
            return Err(self.bulkhead.refuse(Reason::Full));
        }
        let left = self.until.map(|until| clock::duration(until.saturating_sub(clock::ticks())));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(self.bulkhead.refuse(Reason::WaitedTooLong));
        }
        let pause = self.next.mul_f64(0.5 + clock::random() / 2.0);
        self.next = (self.next * 2).min(LONGEST);
        Ok(left.map_or(pause, |left| left.min(pause)))
    }
}

impl Policies<Bulkhead> {
    /// Returns how often the server of `store = redis` was unavailable, summed over all known keys.
    pub fn store_errors(&self) -> u64 {
        self.sum(Bulkhead::store_errors)
    }
}
