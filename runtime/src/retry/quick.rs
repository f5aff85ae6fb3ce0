//! Calls that do not wait between their attempts, and are not observed: a loop with a counter.

use std::time::Duration;

use tracing::Level;

use super::attempt::{Entered, Frame};
use super::error::Reason;
use super::failed::{tell_end, tell_recovery, tells};
use super::limits::Bounds;
use super::owner::Owner;
use super::run::{Attempts as _, Calls};
use super::site::{RetrySite, Shard, fill_fast};
use super::stage;
use super::verdict::Verdict;
use super::words::Text;
use crate::clock;
use crate::deadline::{self, NEVER};

/// May calls with this policy use it?
#[inline]
pub(super) fn is_quick(owner: Owner<'_>, bounds: &Bounds) -> bool {
    owner.policy().wait.is_nothing()
        && bounds.budget.is_none()
        && bounds.deadline.min(deadline::current()) == NEVER
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
    frame: Frame,
    entered: Option<Entered>,
}

impl Lane {
    #[inline]
    fn begin(site: &'static RetrySite, maximum: u32) -> Self {
        let frame = Frame::first(maximum);
        Lane { shard: site.shard(), frame, entered: Some(frame.enter()) }
    }

    #[inline]
    fn next(&mut self) {
        self.frame.number += 1;
        self.frame.follow();
    }
}

impl Lane {
    #[inline]
    fn recovered(&self, site: &'static RetrySite) {
        self.shard.recovered.add(1);
        if tells(Level::INFO) {
            tell_recovery(Owner::Function(site), self.frame.number, Duration::ZERO);
        }
    }

    #[inline]
    fn gave_up(&self, site: &'static RetrySite, text: &Text<'_>) {
        self.shard.gave_up.add(1);
        if tells(Level::WARN) {
            tell_end(Owner::Function(site), self.frame.number, Duration::ZERO, Reason::Attempts, text);
        }
    }
}

impl Drop for Lane {
    #[inline]
    fn drop(&mut self) {
        self.entered = None;
        fill_fast();
        self.shard.retried.add(u64::from(self.frame.number - 1));
    }
}

/// The attempts after a failed first one. *Output:* nothing if the call is over; or the verdict on a failure that needs
/// more than a simple retry, and its number, with which the call continues on the slow path.
#[inline]
pub(super) fn attempts<R>(site: &'static RetrySite, maximum: u32, calls: &mut Calls<'_, R>) -> Option<(Verdict, u32)> {
    if let Text::Listener(_) = calls.text() {
        return Some((Verdict::Retry, 1));
    }
    let mut lane = Lane::begin(site, maximum);
    while lane.frame.number < maximum {
        lane.next();
        match calls.next(None) {
            Verdict::Retry => {}
            Verdict::Good => {
                lane.recovered(site);
                return None;
            }
            verdict => return Some((verdict, lane.frame.number)),
        }
    }
    lane.gave_up(site, &calls.text());
    None
}
