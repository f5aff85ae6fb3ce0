//! Calls that do not wait between their attempts, and are not observed: a loop with a counter.

use std::thread::LocalKey;
use std::time::Duration;

use tracing::Level;

use super::attempt::{Entered, Frame};
use super::error::Reason;
use super::failed::{tell_end, tell_recovery, tells};
use super::fault::Fault;
use super::limits::Limits;
use super::owner::Owner;
use super::run::Calls;
use super::site::{Place, Shard, Slot, refill};
use super::stage;
use super::verdict::Verdict;
use super::words::Text;
use crate::clock;
use crate::deadline::{self, NEVER};

/// May calls with this policy use it?
#[inline]
pub(super) fn is_quick(owner: Owner<'_>, limits: impl Limits) -> bool {
    owner.policy().wait.is_nothing()
        && limits.budget().is_none()
        && limits.deadline().min(deadline::current()) == NEVER
        && !is_watched()
        && !clock::is_virtual()
}

/// Does anybody listen to each failure, count the calls of a scope, or interfere as a test?
#[inline]
pub(super) fn is_watched() -> bool {
    tells(Level::DEBUG) || stage::is_set() || is_recorded()
}

/// Are calls counted in a scope of this thread?
#[inline]
fn is_recorded() -> bool {
    #[cfg(feature = "timed")]
    return super::recorded::is_set();
    #[cfg(not(feature = "timed"))]
    false
}

/// The cleanup of such a call, however it ends: its counts, and the thread's earlier state.
struct Lane {
    shard: &'static Shard,
    slot: &'static LocalKey<Slot>,
    frame: Frame,
    entered: Option<Entered>,
}

impl Lane {
    #[inline]
    fn begin<C: Place>(place: C, maximum: u32) -> Self {
        let (site, slot) = place();
        let frame = Frame::first(maximum);
        Lane { shard: site.shard(), slot, frame, entered: Some(frame.enter()) }
    }

    #[inline]
    fn next(&mut self) {
        self.frame.number += 1;
        self.frame.follow();
    }
}

impl Drop for Lane {
    #[inline]
    fn drop(&mut self) {
        self.entered = None;
        refill(self.slot, self.shard);
        self.shard.retried.add(u64::from(self.frame.number - 1));
    }
}

/// The attempts after a failed first one. *Output:* the value of the call; or a failure that needs more than a simple
/// retry, and its number, with which the call continues on the slow path.
#[inline]
pub(super) fn attempts<C: Place, R>(
    place: C,
    maximum: u32,
    first: R,
    calls: &mut Calls<
        impl FnMut() -> R,
        impl FnMut(&R) -> Verdict,
        impl Fn(&mut R) -> Text<'_>,
        impl Fn(&Fault<R>) -> Option<R>,
    >,
) -> Result<R, (R, Verdict, u32)> {
    let mut result = first;
    if let Text::Listener(_) = (calls.text)(&mut result) {
        return Err((result, Verdict::Retry, 1));
    }
    let mut lane = Lane::begin(place, maximum);
    while lane.frame.number < maximum {
        lane.next();
        drop(result);
        result = (calls.attempt)();
        match (calls.judge)(&result) {
            Verdict::Retry => {}
            Verdict::Good => {
                lane.shard.recovered.add(1);
                if tells(Level::INFO) {
                    tell_recovery(Owner::Function(place().0), lane.frame.number, Duration::ZERO);
                }
                return Ok(result);
            }
            verdict => return Err((result, verdict, lane.frame.number)),
        }
    }
    lane.shard.gave_up.add(1);
    if tells(Level::WARN) {
        let text = (calls.text)(&mut result);
        tell_end(Owner::Function(place().0), maximum, Duration::ZERO, Reason::Attempts, &text);
    }
    Ok(result)
}
