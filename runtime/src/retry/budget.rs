//! The share of calls that may be retries, so that a service that is down does not get many times as many calls.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use crate::clock;
use crate::sync::lock;

/// A budget of retries, shared by the calls of one function or of many: `#[retry(budget = BUDGET)]`.
///
/// Each call adds a fraction of a retry, [`ratio`](Budget::new), and each retry takes a whole one. If none is left,
/// [`floor`](Budget::floor) retries per second are still allowed, so that a service that is seldom called can retry at
/// all. A call whose retry is not allowed gives up with its current error. So the number of calls, retries included, is
/// at most `1 + ratio` times that without retries, plus the floor.
///
/// The ratio and the floor are those of [Finagle's
/// `RetryBudget`](https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/service/RetryBudget.scala),
/// the bounded store of tokens that of [gRPC's retry
/// throttling](https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs).
///
/// ```
/// use festoon::{Budget, retry};
///
/// static BUDGET: Budget = Budget::new(0.1).floor(2);
///
/// #[retry(budget = BUDGET)]
/// fn stock(sku: &str) -> Result<u32, String> {
///     sku.parse().map_err(|_| "no number".to_owned())
/// }
/// # let _clock = festoon::testing::clock();
/// # assert!(stock("x").is_err() && stock("1").is_ok());
/// ```
#[derive(Debug)]
pub struct Budget {
    /// What a call adds, in thousandths of a retry.
    share: u64,
    /// Retries per second.
    floor: u32,
    /// The most that is stored, in thousandths.
    most: u64,
    paid_in: AtomicU64,
    /// Up to when the floor has been used, in ticks.
    used_until: AtomicU64,
}

const RETRY: u64 = 1000;

impl Budget {
    /// Allows this share of the calls to be retries: 0.1 is one retry per ten calls.
    ///
    /// # Panics
    /// If it is negative or above 1000; in a `const` or `static` this is a compile-time error.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1000")]
    pub const fn new(ratio: f64) -> Self {
        assert!(ratio >= 0.0 && ratio <= 1000.0, "the ratio of a budget is a share of the calls, such as 0.1");
        let (paid_in, used_until) = (AtomicU64::new(0), AtomicU64::new(0));
        Budget { share: (ratio * 1000.0) as u64, floor: 0, most: 100 * RETRY, paid_in, used_until }
    }

    /// Allows this many retries per second, however few calls there were; none by default.
    #[must_use]
    pub const fn floor(mut self, retries_per_second: u32) -> Self {
        self.floor = retries_per_second;
        self
    }

    /// Limits how many retries can be saved up; 100 by default.
    #[must_use]
    pub const fn max(mut self, retries: u32) -> Self {
        self.most = retries as u64 * RETRY;
        self
    }

    /// Returns the budget with that name, which `#[retry(budget = "name")]` uses: a ratio of 0.1, and a floor of 10.
    pub fn named(name: &str) -> &'static Budget {
        static BUDGETS: Mutex<BTreeMap<String, &'static Budget>> = Mutex::new(BTreeMap::new());
        let mut budgets = lock(&BUDGETS);
        if let Some(budget) = budgets.get(name) {
            return budget;
        }
        // Ten per second is Finagle's floor.
        let budget = Box::leak(Box::new(Budget::new(0.1).floor(10)));
        budgets.insert(name.to_owned(), budget);
        budget
    }

    /// Returns how many retries are saved up.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.paid_in.load(Relaxed) / RETRY
    }

    /// A call begins. A full budget is not written to, so that threads do not contend for its cache line.
    #[inline]
    pub(super) fn called(&self) {
        if self.paid_in.load(Relaxed) < self.most {
            self.paid_in.fetch_add(self.share, Relaxed);
        }
    }

    /// Is a retry allowed now?
    pub(super) fn take(&self) -> bool {
        let paid = self.paid_in.fetch_update(Relaxed, Relaxed, |paid_in| paid_in.checked_sub(RETRY));
        paid.is_ok() || self.take_of_floor()
    }

    /// One retry uses up the floor for a while, and it may be used up for one second in advance.
    fn take_of_floor(&self) -> bool {
        let Some(each) = Duration::from_secs(1).checked_div(self.floor) else { return false };
        let (now, each, second) = (clock::ticks(), clock::ticks_in(each), clock::ticks_in(Duration::from_secs(1)));
        let take = |used_until: u64| {
            // A time further in the future was written under another clock, that of a test.
            let start = if used_until > now.saturating_add(second) { now } else { used_until.max(now) };
            let end = start.saturating_add(each);
            (end <= now.saturating_add(second)).then_some(end)
        };
        self.used_until.fetch_update(Relaxed, Relaxed, take).is_ok()
    }
}

/// A named budget, looked up once for each function.
pub struct NamedBudget {
    name: &'static str,
    budget: OnceLock<&'static Budget>,
}

impl NamedBudget {
    /// The budget with that name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        NamedBudget { name, budget: OnceLock::new() }
    }

    /// The budget itself.
    #[inline]
    pub fn get(&self) -> &'static Budget {
        self.budget.get_or_init(|| Budget::named(self.name))
    }
}
