//! Runs one job from its encoded arguments.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::entry::Run;
use super::result::Outcome;
use crate::calls::{self, Codecs, Reply, Work, text_of};
use crate::deadline::{deadline, deadline_in};
use crate::oneshot;

/// A plain function runs on a thread of its own, since it may block.
pub fn serve<C, W>(
    bytes: Vec<u8>,
    time_left: Option<Duration>,
    codecs: &'static C,
    outcome: &'static Outcome<W::Output>,
    work: W,
) -> Run
where
    C: Codecs + Sync,
    W: Work<C::Values> + Send + 'static,
{
    Box::pin(async move {
        let (sender, receiver) = oneshot::channel();
        let run = move || calls::serve(&bytes, codecs, outcome, work);
        // The longest is none.
        let run = move || deadline_in(time_left.unwrap_or(Duration::MAX), run);
        let thread = std::thread::Builder::new().name("festoon-job".to_owned()).spawn(move || sender.send(run()));
        match thread {
            Ok(_) => receiver.await.ok(),
            Err(error) => {
                tracing::warn!(target: "festoon", %error, "there is no thread for a job; it will be delivered again");
                None
            }
        }
    })
}

/// An async function.
pub fn serve_async<C, W, F>(
    bytes: Vec<u8>,
    time_left: Option<Duration>,
    codecs: &'static C,
    outcome: &'static Outcome<F::Output>,
    work: W,
) -> Run
where
    C: Codecs<Values: Send> + Sync,
    W: Work<C::Values, Output = F> + Send + 'static,
    F: Future + Send + 'static,
{
    Box::pin(async move {
        let arguments = match codecs.decode(&bytes) {
            Ok(arguments) => arguments,
            Err(error) => return Some(Reply::broken(format!("an argument: {error}"))),
        };
        // The longest is none.
        let mut running = pin!(deadline(time_left.unwrap_or(Duration::MAX), async move { work.run(arguments).await }));
        let ended =
            std::future::poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(context))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(result)) => Poll::Ready(Ok(result)),
                Err(panic) => Poll::Ready(Err(panic)),
            });
        Some(match ended.await {
            Ok(result) => outcome.encode(&result).map_or_else(Reply::broken, Reply::value),
            Err(panic) => Reply::panic(text_of(&*panic)),
        })
    })
}
