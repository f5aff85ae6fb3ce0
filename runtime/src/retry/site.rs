//! The policy and the statistics of one `#[retry]` function.

use std::cell::Cell;
use std::sync::OnceLock;
use std::thread::LocalKey;
use std::time::Duration;

use super::attempt::Frame;
use super::budget::Budget;
#[cfg(feature = "timed")]
use super::recorded;
use super::stage;
use super::wait::Wait;
use crate::retry::Row;
use crate::shards::{Count, Shards, per_thread};
use crate::site::{self, Registry, function_name, without_generics};

/// The options of `#[retry]` that are known at compile time.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub(super) attempts: u32,
    pub(super) wait: Wait,
}

impl Policy {
    /// The default number of attempts.
    pub const ATTEMPTS: u32 = 3;
    /// No limit on attempts.
    pub const UNLIMITED: u32 = u32::MAX;

    /// This many attempts, and these waits between them.
    #[must_use]
    pub const fn new(attempts: u32, wait: Wait) -> Self {
        Policy { attempts, wait }
    }
}

/// One function, in the expansion's own `static`.
pub struct RetrySite {
    pub(super) policy: Policy,
    pub(super) place: site::Place,
    shards: Shards<Shard>,
    name: OnceLock<String>,
    /// The budget of its first call.
    budget: OnceLock<&'static Budget>,
}

/// How a thread finds its counters for one function: a thread-local of the function's own, so that counting a call
/// takes one load, one test and one addition. It is empty before the thread's first call, and while an attempt that
/// `festoon::attempt()` reports is running on the thread: the same test covers both.
pub struct Slot {
    shard: Cell<Option<&'static Shard>>,
    /// The next of the thread's slots that are not empty.
    next: Cell<Option<&'static LocalKey<Slot>>>,
}

impl Slot {
    /// The initial state on every thread.
    #[must_use]
    pub const fn empty() -> Self {
        Slot { shard: Cell::new(None), next: Cell::new(None) }
    }
}

/// A closure in the function, which returns its site and its slot, and whose type tells its name.
pub trait Place: Fn() -> (&'static RetrySite, &'static LocalKey<Slot>) + Copy {}

impl<C: Fn() -> (&'static RetrySite, &'static LocalKey<Slot>) + Copy> Place for C {}

/// One thread's counters at one site.
#[derive(Debug, Default)]
pub struct Shard {
    calls: Count,
    pub(super) retried: Count,
    pub(super) recovered: Count,
    pub(super) gave_up: Count,
    pub(super) refused: Count,
    /// In nanoseconds.
    pub(super) slept: Count,
}

per_thread!(Shard);

static SITES: Registry<RetrySite> = Registry::new("retry", || SITES.names());

thread_local! {
    /// The first of this thread's slots that are not empty.
    static FILLED: Cell<Option<&'static LocalKey<Slot>>> = const { Cell::new(None) };
}

impl RetrySite {
    /// The site of one function.
    pub const fn new(policy: Policy, place: site::Place) -> Self {
        RetrySite { policy, place, shards: Shards::new(), name: OnceLock::new(), budget: OnceLock::new() }
    }

    pub(super) fn name(&self) -> &str {
        self.name.get().map_or("", String::as_str)
    }

    /// This thread's counters.
    pub(super) fn shard(&'static self) -> &'static Shard {
        #[cfg(feature = "timed")]
        if let Some(site) = recorded::site(self) {
            return site.shards.local();
        }
        self.shards.local()
    }

    fn register(&'static self, name: &str) {
        if self.name.set(without_generics(name)).is_ok() {
            SITES.insert(self.name().to_owned(), self);
        }
    }
}

/// Counts a call, if this thread's slot is filled.
#[inline]
pub(super) fn count(slot: &'static LocalKey<Slot>) -> bool {
    let shard = slot.with(|slot| slot.shard.get());
    if let Some(shard) = shard {
        shard.calls.add(1);
    }
    shard.is_some()
}

/// Counts a call on the slow path.
pub(super) fn count_slowly<C: Place>(place: C, budget: Option<&'static Budget>) {
    let (site, slot) = place();
    if let Some(budget) = budget {
        site.budget.get_or_init(|| budget);
    }
    if site.name.get().is_none() {
        site.register(function_name::<C>());
    }
    let shard = site.shard();
    shard.calls.add(1);
    if !Frame::is_inside() && !stage::is_set() {
        fill(slot, shard);
    }
}

/// A call on the slow path is over, and the next one may take the fast path again.
#[inline]
pub(super) fn refill(slot: &'static LocalKey<Slot>, shard: &'static Shard) {
    if !Frame::is_inside() {
        fill(slot, shard);
    }
}

fn fill(key: &'static LocalKey<Slot>, shard: &'static Shard) {
    #[cfg(feature = "timed")]
    if recorded::is_set() {
        return;
    }
    key.with(|slot| {
        if slot.shard.replace(Some(shard)).is_none() {
            slot.next.set(FILLED.replace(Some(key)));
        }
    });
}

/// From here on every call of a `#[retry]` function on this thread takes the slow path.
pub(crate) fn empty_slots() {
    let mut next = FILLED.take();
    while let Some(key) = next {
        next = key.with(|slot| {
            slot.shard.set(None);
            slot.next.take()
        });
    }
}

/// The statistics of a `#[retry]` function. All zero before its first call.
///
/// Functions that share a path (in blocks of one function, generated by a macro, in two versions of one crate) are
/// added up; [`timing::report`](crate::timing::report) has a row for each that is `#[timed]` too.
///
/// ```
/// use festoon::{Decorated, retry};
///
/// #[retry(attempts = 2, wait = fixed(1ms))]
/// fn parse(text: &str) -> Result<u32, std::num::ParseIntError> { text.parse() }
///
/// let _ = (parse("1"), parse("x"));
/// let retries = parse.retries();
/// assert_eq!((retries.calls, retries.retried, retries.gave_up), (2, 1, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Retries {
    /// Calls of the function, counted when they start. The number of attempts is `calls + retried`.
    pub calls: u64,
    /// Attempts other than the first.
    pub retried: u64,
    /// Calls that succeeded after their first attempt had failed.
    pub recovered: u64,
    /// Calls that ended in a failure because no attempt or no time was left.
    pub gave_up: u64,
    /// Calls that ended in a failure that was not worth another attempt, according to `when`.
    pub refused: u64,
    /// The time slept between attempts, over all calls.
    pub slept: Duration,
}

impl Retries {
    /// Within a scope, what was counted there.
    pub(crate) fn of(name: &str) -> Self {
        #[cfg(feature = "timed")]
        if let Some(scope) = recorded::current() {
            return Self::recorded(&scope.retries, |site| site.name() == name);
        }
        SITES.get_all(name).into_iter().map(RetrySite::retries).reduce(Retries::and).unwrap_or_default()
    }

    #[cfg(feature = "timed")]
    fn recorded(scope: &recorded::Recorded, is_wanted: impl Fn(&RetrySite) -> bool) -> Self {
        let wanted = scope.all().into_iter().filter(|(own, _)| is_wanted(own));
        wanted.map(|(_, here)| here.retries()).reduce(Retries::and).unwrap_or_default()
    }

    /// The statistics of the function at that place, in a scope.
    #[cfg(feature = "report")]
    pub(crate) fn of_one_in(scope: &recorded::Recorded, name: &str, place: site::Place) -> Self {
        Self::recorded(scope, |site| site.name() == name && site.place == place)
    }

    /// The statistics of the function at that place.
    #[cfg(feature = "report")]
    pub(crate) fn of_one(name: &str, place: site::Place) -> Self {
        let here = SITES.get_all(name).into_iter().filter(|site| site.place == place);
        here.map(RetrySite::retries).reduce(Retries::and).unwrap_or_default()
    }

    fn and(self, other: Retries) -> Self {
        Retries {
            calls: self.calls + other.calls,
            retried: self.retried + other.retried,
            recovered: self.recovered + other.recovered,
            gave_up: self.gave_up + other.gave_up,
            refused: self.refused + other.refused,
            slept: self.slept + other.slept,
        }
    }
}

/// Every function that has been called.
pub(crate) fn all() -> Vec<Row> {
    #[cfg(feature = "timed")]
    if let Some(scope) = recorded::current() {
        let row = |(own, here): (&'static RetrySite, &'static RetrySite)| {
            let budget = own.budget.get().copied();
            Row { name: own.name().to_owned(), retries: here.retries(), budget }
        };
        let mut rows: Vec<Row> = scope.retries.all().into_iter().map(row).collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        return rows;
    }
    let row =
        |(name, site): (String, &RetrySite)| Row { name, retries: site.retries(), budget: site.budget.get().copied() };
    SITES.all().into_iter().map(row).collect()
}

impl RetrySite {
    fn retries(&self) -> Retries {
        let shards = &self.shards;
        Retries {
            calls: shards.sum(|shard| &shard.calls),
            retried: shards.sum(|shard| &shard.retried),
            recovered: shards.sum(|shard| &shard.recovered),
            gave_up: shards.sum(|shard| &shard.gave_up),
            refused: shards.sum(|shard| &shard.refused),
            slept: Duration::from_nanos(shards.sum(|shard| &shard.slept)),
        }
    }
}
