//! `testing::assert_under!`: latencies in tests.

use std::time::Duration;

use super::Timing;
use super::short::short;

/// Asserts that a timed function's latencies are below limits.
///
/// ```
/// use festoon::{testing, timed};
///
/// #[timed]
/// fn price(sku: &str) -> usize { sku.len() }
///
/// for sku in ["tea", "mug"] {
///     price(sku);
/// }
/// testing::assert_under!(price, p95 < 20ms);
/// testing::assert_under!(price, mean < 1.5ms, max < 1s);
/// ```
///
/// Name the function as for its handle: `Shop::price`, `<Shop as Prices>::price`, `parse::<u32>`. The figures are
/// `mean`, `p50`, `p90`, `p95`, `p99` and `max`, of the successful calls so far, as in [`Timing`]; quantiles are
/// accurate to 1.6 %. A limit is a duration with a unit (`50us`, `20ms`, `1.5s`) or an expression of type [`Duration`].
///
/// With a [virtual clock](fn@crate::testing::clock) the figures are exact on any machine. With the real one, leave room
/// for a busy machine, and remember that a debug build is slow.
///
/// # Panics
/// If a figure is not below its limit, with all figures in the message; or if no call of the function has succeeded, so
/// that there is nothing to compare.
#[doc(hidden)]
#[macro_export]
macro_rules! __assert_under {
    ($($input:tt)*) => {
        $crate::__private::testing::__assert_under!(crate = $crate, $($input)*)
    };
}

/// A figure that is compared with a limit: [`Timing::mean`] and so on.
#[allow(missing_docs, reason = "only named by expansions")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Mean,
    P50,
    P90,
    P95,
    P99,
    Max,
}

impl Figure {
    const ALL: [Figure; 6] = [Figure::Mean, Figure::P50, Figure::P90, Figure::P95, Figure::P99, Figure::Max];

    fn name(self) -> &'static str {
        match self {
            Figure::Mean => "mean",
            Figure::P50 => "p50",
            Figure::P90 => "p90",
            Figure::P95 => "p95",
            Figure::P99 => "p99",
            Figure::Max => "max",
        }
    }

    fn of(self, timing: &Timing) -> Duration {
        match self {
            Figure::Mean => timing.mean(),
            Figure::P50 => timing.p50(),
            Figure::P90 => timing.p90(),
            Figure::P95 => timing.p95(),
            Figure::P99 => timing.p99(),
            Figure::Max => timing.max(),
        }
    }
}

/// What `assert_under!` calls.
///
/// # Panics
/// If a limit is reached, or nothing was measured.
#[track_caller]
pub fn assert_under(timing: &Timing, limits: &[(Figure, Duration)]) {
    let outcomes = timing.outcomes();
    let (name, calls) = (timing.name(), outcomes.success());
    assert!(
        calls > 0,
        "`{name}` has no successful call to compare: {} failed, {} panicked, {} were cancelled; was it called, and is \
         `#[timed]` on it and enabled?",
        outcomes.error(),
        outcomes.panic(),
        outcomes.cancelled()
    );
    let over = limits.iter().filter(|(figure, limit)| figure.of(timing) >= *limit);
    let over: Vec<_> = over
        .map(|(figure, limit)| format!("{} is {}, not under {limit:?}", figure.name(), short(figure.of(timing))))
        .collect();
    let all = Figure::ALL.map(|figure| format!("{} {}", figure.name(), short(figure.of(timing)))).join(", ");
    let over = over.join("; ");
    assert!(over.is_empty(), "`{name}`: {over}\n of its {calls} successful calls: {all}");
}
