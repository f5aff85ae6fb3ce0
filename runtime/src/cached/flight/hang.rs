//! Reports calls that wait for very long, since a leader that is no longer polled never ends.

use std::task::Context;
use std::time::{Duration, Instant};

/// How long a call waits before it is reported.
const LONG: Duration = Duration::from_secs(5);

/// Reports a call once when it has waited for long.
pub(in crate::cached) struct Patience {
    function: &'static str,
    pub(in crate::cached) key: String,
    /// From the first time that it had to wait.
    since: Option<Instant>,
    is_told: bool,
    long: Duration,
    #[cfg(feature = "futures-timer")]
    timer: Option<futures_timer::Delay>,
}

impl Patience {
    pub(in crate::cached) fn new(function: &'static str) -> Self {
        Patience {
            function,
            key: String::new(),
            since: None,
            is_told: false,
            long: LONG,
            #[cfg(feature = "futures-timer")]
            timer: None,
        }
    }

    /// Parks the thread until it is woken.
    pub(in crate::cached) fn park(&mut self) {
        if self.is_told {
            return std::thread::park();
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        std::thread::park_timeout(self.long.saturating_sub(since.elapsed()));
        if since.elapsed() >= self.long {
            self.tell();
        }
    }

    /// The same for a task.
    #[cfg(feature = "futures-timer")]
    pub(in crate::cached) fn poll(&mut self, context: &mut Context<'_>) {
        if self.is_told {
            return;
        }
        let timer = self.timer.get_or_insert_with(|| futures_timer::Delay::new(self.long));
        if std::pin::Pin::new(timer).poll(context).is_ready() {
            self.timer = None;
            self.tell();
        }
    }

    /// There is no timer to wake a task, so nothing is reported.
    #[cfg(not(feature = "futures-timer"))]
    #[expect(clippy::unused_self, reason = "it is used with the feature")]
    pub(in crate::cached) fn poll(&mut self, _: &mut Context<'_>) {}

    #[cold]
    fn tell(&mut self) {
        self.is_told = true;
        tracing::warn!(
            target: "festoon",
            function = self.function,
            key = self.key,
            "a call has been waiting for a long time for the value of another one; if that is a future that is no longer \
             polled, this call waits for ever",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::{Wake, Waker};

    fn of_no_patience() -> Patience {
        Patience { long: Duration::ZERO, ..Patience::new("price") }
    }

    #[test]
    fn a_thread_that_waits_for_long_tells_once_and_waits_on() {
        let mut patience = of_no_patience();
        patience.park();
        assert!(patience.is_told);
        std::thread::current().unpark();
        patience.park();
    }

    #[test]
    #[cfg(feature = "futures-timer")]
    fn a_task_that_waits_for_long_is_woken_to_tell() {
        struct Unparks(std::thread::Thread);
        impl Wake for Unparks {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }

        let mut patience = of_no_patience();
        let waker = Waker::from(Arc::new(Unparks(std::thread::current())));
        let mut told = pin!(std::future::poll_fn(|context| {
            patience.poll(context);
            if patience.is_told { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        }));
        while told.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            std::thread::park();
        }
    }
}
