//! `#[rate_limit]`, and `RateLimit` as a value: the generic cell rate algorithm, as in ATM networks and `governor`.
//!
//! The only state is one moment, the *theoretical arrival time*: when the next call would come if calls came at exactly
//! the rate. A call advances it by one interval, and may be early by as many intervals as the burst has.

#[cfg(feature = "redis")]
mod shared;

use std::fmt::{Debug, Formatter};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

#[cfg(feature = "redis")]
use crate::cached::policies::Sharing;
use crate::clock;
use crate::policies::{OfFunction, Policies, PolicySite};
use crate::refused::{Reason, Refuse, Refused};
use crate::site::Registry;
use crate::{AsyncDecorator, Call, Decorator};

/// Limits how many calls go through in a period of time: `#[rate_limit(100 / 1s)]` as a value, for code that is not a
/// separate function, or for several functions that share a limit.
///
/// ```
/// use festoon::RateLimit;
/// use std::time::Duration;
///
/// static API: RateLimit = RateLimit::new(2, Duration::from_secs(1));
///
/// let call = || API.run(|| Some(1));
/// assert_eq!((call(), call(), call()), (Some(1), Some(1), None));
/// ```
///
/// `#[decorate(layer = &API)]` applies it to a function.
pub struct RateLimit {
    calls: u32,
    per: Duration,
    burst: u32,
    wait: Option<Duration>,
    /// When the next call is due, in ticks.
    due: AtomicU64,
    refused: AtomicU64,
    lengths: OnceLock<Lengths>,
    #[cfg(feature = "redis")]
    sharing: Sharing,
}

/// In ticks.
#[derive(Debug, Clone, Copy)]
struct Lengths {
    /// The time between two calls.
    interval: u64,
    /// How early a call may be.
    early: u64,
}

impl RateLimit {
    /// Allows this many calls per period, and the same number at once.
    ///
    /// # Panics
    /// If either is zero; in a `static` this is a compile-time error.
    #[must_use]
    pub const fn new(calls: u32, per: Duration) -> Self {
        assert!(calls > 0, "a rate of zero lets no calls through");
        assert!(!per.is_zero(), "the period of a rate has to be longer than zero");
        let (due, refused) = (AtomicU64::new(0), AtomicU64::new(0));
        RateLimit {
            calls,
            per,
            burst: calls,
            wait: None,
            due,
            refused,
            lengths: OnceLock::new(),
            #[cfg(feature = "redis")]
            sharing: Sharing::none(),
        }
    }

    /// Sets how many calls may go through at once after a pause.
    ///
    /// # Panics
    /// If it is zero; in a `static` this is a compile-time error.
    #[must_use]
    pub const fn burst(mut self, calls: u32) -> Self {
        assert!(calls > 0, "a burst of zero lets no calls through");
        self.burst = calls;
        self
    }

    /// Lets excess calls wait for their turn, in order of arrival. A call whose wait would be longer than this is
    /// refused at once, without waiting.
    #[must_use]
    pub const fn wait_at_most(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    /// Lets excess calls wait for their turn.
    #[must_use]
    pub const fn wait(self) -> Self {
        self.wait_at_most(Duration::MAX)
    }

    /// Makes a call.
    pub fn run<R: Refuse>(&self, call: impl FnOnce() -> R) -> R {
        match self.admit() {
            Ok(_) => call(),
            Err(refused) => R::refused(refused),
        }
    }

    /// Makes an async call. If it is dropped while it waits, it returns its turn, unless another call is already queued
    /// behind it.
    pub async fn run_async<R: Refuse>(&self, call: impl Future<Output = R>) -> R {
        match self.admit_async().await {
            Ok(_) => call.await,
            Err(refused) => R::refused(refused),
        }
    }

    /// Admits a call, waiting for its turn if that is allowed.
    ///
    /// # Errors
    /// If the call exceeds the limit and may not wait.
    #[inline]
    pub fn admit(&self) -> Result<Turn, Refused> {
        match self.answer() {
            Answer::Now => Ok(Turn {}),
            Answer::After(wait) if self.wait.is_none() => Err(self.refuse(wait)),
            _ => self.admit_slowly(),
        }
    }

    #[cold]
    #[inline(never)]
    fn admit_slowly(&self) -> Result<Turn, Refused> {
        #[cfg(feature = "redis")]
        if !self.sharing.is_none()
            && let Some(turn) = self.admit_shared()
        {
            return turn;
        }
        let due = self.reserve()?;
        if due.wait > 0 {
            clock::sleep(clock::duration(due.wait));
        }
        Ok(due.come())
    }

    /// Like [`admit`](RateLimit::admit), for an async function.
    ///
    /// # Errors
    /// If the call exceeds the limit and may not wait.
    pub async fn admit_async(&self) -> Result<Turn, Refused> {
        match self.answer() {
            Answer::Now => return Ok(Turn {}),
            Answer::After(wait) if self.wait.is_none() => return Err(self.refuse(wait)),
            _ => {}
        }
        #[cfg(feature = "redis")]
        if !self.sharing.is_none()
            && let Some(turn) = Box::pin(self.admit_shared_async()).await
        {
            return turn;
        }
        let due = self.reserve()?;
        if due.wait > 0 {
            // Boxed, so that the function's future does not grow for a timer that is seldom needed.
            Box::pin(clock::sleep_async(clock::duration(due.wait))).await;
        }
        Ok(due.come())
    }

    /// Returns how many calls would be let through now. For a limit that processes share, this follows from the
    /// server's last reply to this process.
    pub fn available(&self) -> u32 {
        let Lengths { interval, early } = self.lengths();
        let ahead = self.due.load(Relaxed).saturating_sub(clock::ticks());
        u32::try_from(early.saturating_sub(ahead) / interval).unwrap_or(u32::MAX)
    }

    /// Returns the total number of refused calls.
    pub fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    /// Resets the limit, as if there had been no calls.
    pub fn reset(&self) {
        self.due.store(0, Relaxed);
        #[cfg(feature = "redis")]
        self.reset_shared();
    }

    #[inline]
    fn lengths(&self) -> Lengths {
        *self.lengths.get_or_init(|| {
            let interval = (clock::ticks_in(self.per) / u64::from(self.calls)).max(1);
            Lengths { interval, early: interval.saturating_mul(u64::from(self.burst)) }
        })
    }

    /// The common case: a limit of this process, whose first call is over, and no other call at the same moment.
    #[inline]
    fn answer(&self) -> Answer {
        #[cfg(feature = "redis")]
        if !self.sharing.is_none() {
            return Answer::Unknown;
        }
        let Some(Lengths { interval, early }) = self.lengths.get() else { return Answer::Unknown };
        let (now, due) = (clock::ticks(), self.due.load(Relaxed));
        let next = due.max(now).saturating_add(*interval);
        let wait = next.saturating_sub(*early).saturating_sub(now);
        if wait > 0 {
            return Answer::After(wait);
        }
        match self.due.compare_exchange(due, next, Relaxed, Relaxed) {
            Ok(_) => Answer::Now,
            Err(_) => Answer::Unknown,
        }
    }

    /// Reserves the next turn, unless it is too far away.
    fn reserve(&self) -> Result<Reserved<'_>, Refused> {
        let Lengths { interval, early } = self.lengths();
        let now = clock::ticks();
        let mut due = self.due.load(Relaxed);
        loop {
            let next = due.max(now).saturating_add(interval);
            let wait = next.saturating_sub(early).saturating_sub(now);
            if wait > 0 && !self.may_wait(wait) {
                return Err(self.refuse(wait));
            }
            match self.due.compare_exchange_weak(due, next, Relaxed, Relaxed) {
                Ok(_) => return Ok(Reserved { limit: self, next, wait }),
                Err(other) => due = other,
            }
        }
    }

    fn may_wait(&self, ticks: u64) -> bool {
        self.wait.is_some_and(|most| clock::duration(ticks) <= most)
    }

    #[cold]
    fn refuse(&self, wait: u64) -> Refused {
        self.refused.fetch_add(1, Relaxed);
        let reason = if self.wait.is_some() { Reason::WaitedTooLong } else { Reason::TooMany };
        Refused::new("rate_limit", reason, Some(wait))
    }
}

impl Debug for RateLimit {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let mut it = f.debug_struct("RateLimit");
        it.field("calls", &self.calls).field("per", &self.per).field("burst", &self.burst);
        it.field("available", &self.available()).finish_non_exhaustive()
    }
}

/// The answer to a call that does not wait.
enum Answer {
    Now,
    /// Its turn is in that many ticks.
    After(u64),
    /// The slow path knows.
    Unknown,
}

/// A call that a [`RateLimit`] has admitted. There is nothing to release.
#[derive(Debug)]
#[non_exhaustive]
pub struct Turn {}

/// A turn that may still be in the future.
struct Reserved<'l> {
    limit: &'l RateLimit,
    next: u64,
    /// In ticks.
    wait: u64,
}

impl Reserved<'_> {
    #[inline]
    fn come(mut self) -> Turn {
        self.wait = 0;
        Turn {}
    }
}

impl Drop for Reserved<'_> {
    /// A call that stops waiting returns its turn if it is the last one; calls behind it already have theirs.
    #[inline]
    fn drop(&mut self) {
        if self.wait > 0 {
            let before = self.next - self.limit.lengths().interval;
            let _others = self.limit.due.compare_exchange(self.next, before, Relaxed, Relaxed);
        }
    }
}

static SITES: Registry<PolicySite<RateLimit>> = Registry::new("rate_limit", || SITES.names());

impl OfFunction for RateLimit {
    fn fresh(&self) -> Self {
        let fresh = RateLimit::new(self.calls, self.per).burst(self.burst);
        RateLimit { wait: self.wait, ..fresh }
    }

    #[cfg(feature = "redis")]
    fn fresh_for(&self, key: &[u8]) -> Self {
        RateLimit { sharing: self.sharing.with_key(key), ..self.fresh() }
    }

    fn is_idle(&self) -> bool {
        self.due.load(Relaxed) <= clock::ticks()
    }

    #[cfg_attr(not(feature = "redis"), allow(unused_variables, reason = "only what is shared needs a name"))]
    fn set_name(&self, name: &str) {
        #[cfg(feature = "redis")]
        self.sharing.set_name(name);
    }

    fn sites() -> &'static Registry<PolicySite<Self>> {
        &SITES
    }
}

/// The limit of a `#[rate_limit]` function.
impl Policies<RateLimit> {
    /// Returns how many calls would be let through now. If there is a limit for each key, ask one of them:
    /// [`key`](Policies::key)`(&user)`.
    pub fn available(&self) -> u32 {
        self.most(RateLimit::available)
    }

    /// Returns the number of refused calls, over all known keys.
    pub fn refused(&self) -> u64 {
        self.sum(RateLimit::refused)
    }

    /// [`RateLimit::reset`], for every key.
    pub fn reset(&self) {
        self.each(RateLimit::reset);
    }
}

#[diagnostic::do_not_recommend]
impl<R: Refuse> Decorator<R> for RateLimit {
    fn call(&self, _: Call<R>, next: impl FnOnce() -> R) -> R {
        self.run(next)
    }
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output: Refuse>> AsyncDecorator<F> for RateLimit {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        self.run_async(next).await
    }
}
