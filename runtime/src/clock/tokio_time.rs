//! tokio's paused time, which a virtual clock follows.

use std::pin::{Pin, pin};
use std::sync::Once;
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant as RealInstant};

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

pub(super) use tokio::time::Sleep as Timer;

/// A runtime whose time was paused when a virtual clock was made inside of it.
#[derive(Debug)]
pub(super) struct TokioTime {
    runtime: Handle,
    start: Instant,
}

impl TokioTime {
    /// Of the runtime that this thread is in, if its time is paused.
    pub(super) fn paused() -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        is_paused().then(|| TokioTime { runtime, start: Instant::now() })
    }

    /// It is paused although the virtual clock of this thread does not follow it: two times would be one too many.
    pub(super) fn reject_unfollowed() {
        assert!(
            thread::panicking() || Handle::try_current().is_err() || !is_paused(),
            "festoon: tokio's time is paused, but was not yet when this thread's virtual clock was made: call \
             `festoon::testing::clock()` after that, and put `#[festoon::test]` above \
             `#[tokio::test(start_paused = true)]`"
        );
    }

    pub(super) fn elapsed(&self) -> Duration {
        let _inside = self.runtime.enter();
        self.start.elapsed()
    }

    /// The runtime ends the sleeps that this makes due when it is next idle.
    pub(super) fn advance(&self, by: Duration) {
        let _inside = self.runtime.enter();
        advance_tokio(by);
        // It may be asleep, if this is another thread.
        self.runtime.spawn(async {});
    }

    pub(super) fn sleep(&self, length: Duration) -> Pin<Box<Timer>> {
        let _inside = self.runtime.enter();
        Box::pin(sleep(length))
    }
}

/// Is the time of this thread's runtime paused? Then it stays the same while real time goes on.
fn is_paused() -> bool {
    let (before, real) = (Instant::now(), RealInstant::now());
    while RealInstant::now() == real {
        std::hint::spin_loop();
    }
    Instant::now() == before
}

/// Without a virtual clock only the sleeps are tokio's; deadlines and ages are in real time.
pub(super) fn warn_if_paused() {
    static WARNED: Once = Once::new();
    if is_paused() {
        WARNED.call_once(|| {
            tracing::warn!(
                target: "festoon",
                "tokio's time is paused, but festoon's is not: call `festoon::testing::clock()` in the test"
            );
        });
    }
}

fn advance_tokio(by: Duration) {
    #[allow(
        unused_imports,
        clippy::wildcard_imports,
        reason = "`advance` is tokio's if there is one, else the one below"
    )]
    use tokio::time::*;
    // The first poll advances, the second one would let other tasks run.
    let _ = pin!(advance(by)).poll(&mut Context::from_waker(Waker::noop()));
}

/// Without its feature `test-util`, which cannot be seen from here, tokio has no such function, nor a way to pause time.
#[allow(dead_code, clippy::unused_async, reason = "tokio's has its name and its type")]
async fn advance(_: Duration) {
    unreachable!("festoon: this tokio has no paused time");
}
