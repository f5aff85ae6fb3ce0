//! A failed call that does not wait between its attempts, and is not observed: its number is all of its state.

use std::time::Duration;

use tracing::Level;

use super::attempt::Frame;
use super::error::Reason;
use super::failed::{Failed, tell_end, tell_recovery, tells};
use super::limits::Bounds;
use super::owner::Owner;
use super::quick::{is_quick, is_watched};
use super::site::{RetrySite, Shard, fill_fast};
use super::verdict::Verdict;
use super::words::Text;

/// One call whose first attempt has failed.
#[derive(Clone, Copy)]
pub(super) struct Light {
    pub(super) number: u32,
    maximum: u32,
    /// Why the call has ended, once it has.
    reason: Option<Reason>,
    /// Is it this thread's current attempt, until the call ends? For sync functions; each poll of a future sets its own.
    is_entered: bool,
}

/// Does a call need no more than that, after such a failure?
#[inline]
pub(super) fn suffices(owner: Owner<'_>, bounds: &Bounds, verdict: Verdict, text: &Text<'_>) -> bool {
    is_simple(verdict, text) && is_quick(owner, bounds)
}

/// Does it still suffice after another failure? Waits, budgets and deadlines are as before.
#[inline]
pub(super) fn still_suffices(verdict: Verdict, text: &Text<'_>) -> bool {
    is_simple(verdict, text) && !is_watched()
}

fn is_simple(verdict: Verdict, text: &Text<'_>) -> bool {
    !matches!(verdict, Verdict::After(_)) && !matches!(text, Text::Listener(_))
}

impl Light {
    /// After the first failure.
    #[inline]
    pub(super) fn new(maximum: u32) -> Self {
        Light { number: 1, maximum, reason: None, is_entered: false }
    }

    /// What the call needs from now on.
    pub(super) fn grown(self, owner: Owner<'_>, bounds: &Bounds) -> Box<Failed> {
        self.leave();
        let mut failed = Box::new(Failed::new(owner, bounds));
        failed.number = self.number;
        failed
    }

    /// The value for `festoon::attempt()`.
    pub(super) fn frame(self) -> Frame {
        Frame { number: self.number, ..Frame::first(self.maximum) }
    }

    /// Is it this thread's current attempt?
    #[inline]
    pub(super) fn is_entered(self) -> bool {
        self.is_entered
    }

    /// Has it failed for good?
    pub(super) fn is_done(self) -> bool {
        self.reason.is_some()
    }

    /// Has it failed although another attempt might have made sense?
    pub(super) fn gave_up(self) -> bool {
        self.reason == Some(Reason::Attempts)
    }

    /// An attempt has failed: does the call continue?
    #[inline]
    pub(super) fn decide(&mut self, site: &'static RetrySite, verdict: Verdict, text: &Text<'_>) {
        let reason = if verdict == Verdict::Final { Reason::Refused } else { Reason::Attempts };
        if reason == Reason::Attempts && self.number < self.maximum {
            return;
        }
        self.reason = Some(reason);
        let shard = self.end(site);
        if reason == Reason::Refused {
            shard.refused.add(1);
        } else {
            shard.gave_up.add(1);
            if tells(Level::WARN) {
                tell_end(Owner::Function(site), self.number, Duration::ZERO, reason, text);
            }
        }
    }

    /// An attempt has succeeded.
    #[inline]
    pub(super) fn recovered(&mut self, site: &'static RetrySite) {
        self.end(site).recovered.add(1);
        if tells(Level::INFO) {
            tell_recovery(Owner::Function(site), self.number, Duration::ZERO);
        }
    }

    /// The call ends, and the next one may take the fast path again.
    #[inline]
    fn end(&mut self, site: &'static RetrySite) -> &'static Shard {
        self.leave();
        self.is_entered = false;
        fill_fast();
        site.shard()
    }

    /// Makes the next attempt the current one.
    #[inline]
    pub(super) fn begin_next(&mut self, owner: Owner<'_>) {
        self.number += 1;
        owner.count(|shard| &shard.retried);
    }

    /// The same for a sync function. Its first attempt was not inside of another call's, or the call would not be light.
    #[inline]
    pub(super) fn begin_next_here(&mut self, owner: Owner<'_>) {
        self.begin_next(owner);
        if self.is_entered {
            self.frame().follow();
        } else {
            self.frame().begin();
        }
        self.is_entered = true;
    }

    /// Ends what `begin_next_here` has begun.
    #[inline]
    pub(super) fn leave(self) {
        if self.is_entered {
            Frame::leave();
        }
    }
}
