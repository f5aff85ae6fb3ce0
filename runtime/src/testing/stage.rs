//! Plans for the attempts of `#[retry]` functions: faults, delays, a record.

use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use crate::clock;
use crate::decorated::Decorated;
use crate::retrying::stage::{Began, Part, Staged, set};

/// Makes the next attempts of a `#[retry]` function fail on this thread, without running its body, until this many have
/// failed or the guard is dropped. The error is created from an [`InjectedFault`](super::InjectedFault).
///
/// ```
/// use festoon::{retry, testing};
///
/// #[retry(attempts = 3)]
/// fn fetch(url: &str) -> std::io::Result<usize> {
///     Ok(url.len())
/// }
///
/// let _clock = testing::clock();
/// let timeline = testing::timeline();
/// let _faults = testing::fail_next(fetch, 2);
/// assert_eq!(fetch("abc").unwrap(), 3);
/// assert_eq!(timeline.calls().len(), 3);
/// ```
#[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
pub fn fail_next<Signature, F: Decorated<Signature>>(function: F, times: u32) -> Staged {
    set(Part::FailNext { function: function.site_name(), times: AtomicU32::new(times) })
}

/// Makes this share of the attempts of a `#[retry]` function fail on this thread, like [`fail_next`]; which ones
/// depends only on the seed.
#[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
pub fn fail_rate<Signature, F: Decorated<Signature>>(function: F, rate: f64, seed: u64) -> Staged {
    let random = Mutex::new(fastrand::Rng::with_seed(seed));
    set(Part::FailRate { function: function.site_name(), rate, random })
}

/// Makes each attempt of a `#[retry]` function start with a wait of this length, on this thread's virtual clock. An
/// async attempt with a shorter `timeout` is cut off.
///
/// # Panics
/// Without a [`clock`](super::clock), since tests should not wait.
#[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
pub fn delay<Signature, F: Decorated<Signature>>(function: F, length: Duration) -> Staged {
    assert!(clock::is_virtual(), "`testing::delay` needs a virtual clock: call `testing::clock()` before it");
    set(Part::Delay { function: function.site_name(), length })
}

/// Limits each call of a `#[retry]` function, and of a [`Retry`](crate::Retry), to one attempt on this thread.
///
/// ```
/// use festoon::{retry, testing};
///
/// #[retry(attempts = 5, wait = fixed(1h))]
/// fn fetch() -> Option<u32> {
///     None
/// }
///
/// let _once = testing::no_retries();
/// assert_eq!(fetch(), None); // at once
/// ```
pub fn no_retries() -> Staged {
    set(Part::NoRetries)
}

/// Records each attempt of a `#[retry]` function on this thread, with the time by its virtual clock.
///
/// ```
/// use festoon::{retry, testing};
/// use std::time::Duration;
///
/// #[retry(attempts = 3, wait = chain[100ms, 200ms])]
/// fn fetch() -> Option<u32> {
///     None
/// }
///
/// let _clock = testing::clock();
/// let timeline = testing::timeline();
/// fetch();
/// assert_eq!(timeline.calls(), [0, 100, 300].map(Duration::from_millis));
/// ```
pub fn timeline() -> Timeline {
    Timeline(set(Part::Timeline(Mutex::new(Vec::new()))))
}

/// The record of [`timeline`].
#[derive(Debug)]
#[must_use = "it records only as long as this guard lives"]
pub struct Timeline(Staged);

impl Timeline {
    /// Returns when the attempts of all functions started.
    #[must_use]
    pub fn calls(&self) -> Vec<Duration> {
        self.all().into_iter().map(|began| began.at).collect()
    }

    /// Returns when those of one function started.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "function items are passed as they are written")]
    pub fn calls_of<Signature, F: Decorated<Signature>>(&self, function: F) -> Vec<Duration> {
        let name = function.site_name();
        self.all().into_iter().filter(|began| began.function == name).map(|began| began.at).collect()
    }

    /// Returns every attempt.
    #[must_use]
    pub fn all(&self) -> Vec<Began> {
        self.0.recorded()
    }
}
