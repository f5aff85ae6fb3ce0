//! What a thread knows of the call that it is in, for work that goes on elsewhere.

use std::sync::Arc;

use crate::cached::FreshScope;
use crate::clock::{self, VirtualClock};
use crate::retry::Frame;
use crate::timed::scoped;

/// The virtual clock, the recorder and the caches of a test, the attempt of a `#[retry]` above, the span. Not knowing goes
/// along as well: a pool's thread may be in the middle of something else.
#[derive(Clone)]
pub(crate) struct Surroundings {
    clock: Option<Arc<VirtualClock>>,
    recorder: Option<Arc<scoped::Scope>>,
    caches: Option<Arc<FreshScope>>,
    attempt: Frame,
    span: tracing::Span,
}

impl Surroundings {
    /// Those of this thread.
    pub(crate) fn current() -> Self {
        Surroundings {
            clock: clock::current(),
            recorder: scoped::current(),
            caches: crate::cached::fresh_scope(),
            attempt: Frame::current(),
            span: tracing::Span::current(),
        }
    }

    /// Runs this within them.
    pub(crate) fn around<R>(self, work: impl FnOnce() -> R) -> R {
        let _clock = clock::carry(self.clock);
        let _recorder = scoped::carry(self.recorder);
        let _caches = crate::cached::carry_fresh(self.caches);
        let _attempt = self.attempt.carry();
        self.span.in_scope(work)
    }
}
