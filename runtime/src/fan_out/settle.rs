//! How each of many calls ended.

use std::any::Any;
use std::thread;

/// How one of many calls ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Settled<T> {
    /// It returned this.
    Returned(T),
    /// It panicked, with this payload.
    Panicked(Box<dyn Any + Send>),
    /// It had not ended, or not started, when the time was over; see [`FanOut::within`](super::FanOut::within).
    TimedOut,
}

impl<T> Settled<T> {
    /// Returns the return value, if there is one.
    pub fn returned(self) -> Option<T> {
        match self {
            Settled::Returned(value) => Some(value),
            Settled::Panicked(_) | Settled::TimedOut => None,
        }
    }

    pub(super) fn of(value: thread::Result<T>) -> Self {
        value.map_or_else(Settled::Panicked, Settled::Returned)
    }
}

/// By the number of the input; `None` for a call that has not ended.
pub(super) type Slots<T> = Vec<Option<Settled<T>>>;

pub(super) fn set<T>(settled: &mut Slots<T>, number: usize, value: thread::Result<T>) {
    if settled.len() <= number {
        settled.resize_with(number + 1, || None);
    }
    settled[number] = Some(Settled::of(value));
}

/// Calls that have not ended have timed out; there are at least this many inputs.
pub(super) fn finish<T>(mut settled: Slots<T>, inputs: usize) -> Vec<Settled<T>> {
    settled.resize_with(inputs.max(settled.len()), || None);
    settled.into_iter().map(|call| call.unwrap_or(Settled::TimedOut)).collect()
}

/// Prepares a bar for this many calls.
#[cfg(feature = "indicatif")]
pub(super) fn begin(bar: &indicatif::ProgressBar, size: (usize, Option<usize>)) {
    if let (least, Some(most)) = size
        && least == most
    {
        bar.set_length(u64::try_from(most).unwrap_or(u64::MAX));
    }
}
