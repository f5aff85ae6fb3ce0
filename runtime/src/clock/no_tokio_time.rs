//! Without the feature `tokio` there is no paused time.

use std::pin::Pin;
use std::time::Duration;

pub(super) type Timer = std::future::Ready<()>;

#[derive(Debug)]
pub(super) enum TokioTime {}

impl TokioTime {
    pub(super) fn paused() -> Option<Self> {
        None
    }

    pub(super) fn reject_unfollowed() {}

    pub(super) fn elapsed(&self) -> Duration {
        match *self {}
    }

    pub(super) fn advance(&self, _: Duration) {
        match *self {}
    }

    pub(super) fn sleep(&self, _: Duration) -> Pin<Box<Timer>> {
        match *self {}
    }
}
