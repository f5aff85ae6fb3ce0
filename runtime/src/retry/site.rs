//! What is known about one `#[retry]` function: its policy and its counts.

use std::cell::Cell;
use std::sync::OnceLock;
use std::thread::LocalKey;
use std::time::Duration;

use super::attempt::Frame;
use super::budget::Budget;
use super::wait::Wait;
use crate::retry::Row;
use crate::shards::{Count, Shards, per_thread};
use crate::site::{self, Registry, function_name, without_generics};
use crate::testing::stage;

/// What the options of `#[retry]` say, as far as it is known at compile time.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub(super) attempts: u32,
    pub(super) wait: Wait,
}

impl Policy {
    /// How many attempts there are when nobody says.
    pub const ATTEMPTS: u32 = 3;
    /// No limit to them.
    pub const UNLIMITED: u32 = u32::MAX;

    /// So many attempts, and these waits between them.
    #[must_use]
    pub const fn new(attempts: u32, wait: Wait) -> Self {
        Policy { attempts, wait }
    }
}

/// One function; the expansion's own `static`.
pub struct Site {
    pub(super) policy: Policy,
    place: site::Place,
    shards: Shards<Shard>,
    name: OnceLock<String>,
    /// That of its first call.
    budget: OnceLock<&'static Budget>,
}

/// Where a thread finds its counts of one function: a thread-local of the function's own, so that counting a call is one
/// load, one test and one addition. It is empty before the thread's first call, and while an attempt is running on the
/// thread that `festoon::attempt()` tells about: both are found by the same test.
pub struct Slot {
    shard: Cell<Option<&'static Shard>>,
    /// The thread's next slot that is not empty.
    next: Cell<Option<&'static LocalKey<Slot>>>,
}

impl Slot {
    /// As every thread begins.
    #[must_use]
    pub const fn empty() -> Self {
        Slot { shard: Cell::new(None), next: Cell::new(None) }
    }
}

/// A closure in the function, which gives its site and its slot and whose type tells its name.
pub trait Place: Fn() -> (&'static Site, &'static LocalKey<Slot>) + Copy {}

impl<C: Fn() -> (&'static Site, &'static LocalKey<Slot>) + Copy> Place for C {}

/// One thread's counts at one site.
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

static SITES: Registry<Site> = Registry::new("retry", || SITES.names());

thread_local! {
    /// The first of this thread's slots that are not empty.
    static FILLED: Cell<Option<&'static LocalKey<Slot>>> = const { Cell::new(None) };
}

impl Site {
    /// The site of one function.
    pub const fn new(policy: Policy, place: site::Place) -> Self {
        Site { policy, place, shards: Shards::new(), name: OnceLock::new(), budget: OnceLock::new() }
    }

    pub(super) fn name(&self) -> &str {
        self.name.get().map_or("", String::as_str)
    }

    /// This thread's counts.
    pub(super) fn shard(&'static self) -> &'static Shard {
        self.shards.local()
    }

    fn register(&'static self, name: &str) {
        if self.name.set(without_generics(name)).is_ok() {
            SITES.insert(self.name().to_owned(), self);
        }
    }
}

/// Counts a call, if this thread has its slot at hand.
#[inline]
pub(super) fn count(slot: &'static LocalKey<Slot>) -> bool {
    let shard = slot.with(|slot| slot.shard.get());
    if let Some(shard) = shard {
        shard.calls.add(1);
    }
    shard.is_some()
}

/// Counts a call the long way.
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

/// A call is over that has taken the long way, and the next one may take the short way again.
#[inline]
pub(super) fn refill(slot: &'static LocalKey<Slot>, shard: &'static Shard) {
    if !Frame::is_inside() {
        fill(slot, shard);
    }
}

fn fill(key: &'static LocalKey<Slot>, shard: &'static Shard) {
    key.with(|slot| {
        if slot.shard.replace(Some(shard)).is_none() {
            slot.next.set(FILLED.replace(Some(key)));
        }
    });
}

/// From here on every `#[retry]` function that is called on this thread takes the long way.
pub(crate) fn empty_slots() {
    let mut next = FILLED.take();
    while let Some(key) = next {
        next = key.with(|slot| {
            slot.shard.set(None);
            slot.next.take()
        });
    }
}

/// What became of the calls of a `#[retry]` function. All zero before its first call.
///
/// Functions that share a path (in blocks of one function, made by a macro, in two versions of one crate) are added up;
/// [`timing::report`](crate::timing::report) has a row for each that is `#[timed]` too.
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
    /// Calls of the function, counted when they begin. Its attempts are `calls + retried`.
    pub calls: u64,
    /// Attempts after a first one.
    pub retried: u64,
    /// Calls that succeeded after their first attempt had failed.
    pub recovered: u64,
    /// Calls that ended in a failure because no attempt or no time was left.
    pub gave_up: u64,
    /// Calls that ended in a failure that was not to be tried again, as `when` said.
    pub refused: u64,
    /// The time waited between attempts, all calls together.
    pub slept: Duration,
}

impl Retries {
    pub(crate) fn of(name: &str) -> Self {
        SITES.get_all(name).into_iter().map(Site::retries).reduce(Retries::and).unwrap_or_default()
    }

    /// Those of the function that stands there.
    #[cfg(feature = "report")]
    pub(crate) fn of_one(name: &str, place: site::Place) -> Self {
        let here = SITES.get_all(name).into_iter().filter(|site| site.place == place);
        here.map(Site::retries).reduce(Retries::and).unwrap_or_default()
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
    let row = |(name, site): (String, &Site)| Row { name, retries: site.retries(), budget: site.budget.get().copied() };
    SITES.all().into_iter().map(row).collect()
}

impl Site {
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
