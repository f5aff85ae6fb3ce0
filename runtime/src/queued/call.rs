//! The caller's side: a job is put into a queue, and its end awaited.

use std::any::type_name_of_val;
use std::cell::RefCell;
use std::fmt::Display;
use std::marker::PhantomData;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use super::entry::{Spec, is_queued};
use super::error::QueueError;
use super::result::{FromQueue, Outcome, outcome};
use crate::cached::jobs::{self, Jobs, New, State};
use crate::calls::{Codecs, Kind};
use crate::fan_out::Each;
use crate::oneshot;
use crate::site::without_generics;
use crate::time_left;

/// The encoded arguments of a call.
pub struct Request {
    arguments: Result<Vec<u8>, QueueError>,
    key: Option<String>,
}

/// A request with these arguments, and perhaps an idempotency key.
pub fn request<C: Codecs>(codecs: &C, arguments: C::References<'_>, key: Option<&dyn Display>) -> Request {
    let mut bytes = Vec::new();
    let encoded = codecs.encode(arguments, &mut bytes);
    let failed = |error| QueueError::Encoding(format!("an argument: {error}"));
    Request { arguments: encoded.map(|()| bytes).map_err(failed), key: key.map(ToString::to_string) }
}

/// Puts the call into its queue and awaits its end. A panic over there is resumed here.
pub async fn call<R>(spec: &'static Spec, outcome: Outcome<R>, request: Request) -> R {
    if is_asked() {
        return unwanted(spec, request).await;
    }
    let ended = async {
        let left = time_left();
        if left == Some(Duration::ZERO) {
            return Err(QueueError::Expired);
        }
        Ended::read(submit(spec, request, left).await?.end(left).await?)
    };
    ended.await.and_then(|ended| ended.value(&outcome)).unwrap_or_else(outcome.failed)
}

/// How a job ended.
struct Ended {
    kind: String,
    bytes: Vec<u8>,
}

impl Ended {
    fn read(state: State) -> Result<Self, QueueError> {
        match state {
            State::Ended(kind, bytes) => Ok(Ended { kind, bytes }),
            State::Waiting | State::Unknown => Err(QueueError::Forgotten),
        }
    }

    fn value<R>(self, outcome: &Outcome<R>) -> Result<R, QueueError> {
        let text = || String::from_utf8_lossy(&self.bytes).into_owned();
        match self.kind.parse().ok().and_then(Kind::read) {
            Some(Kind::Value) => outcome.decode(&self.bytes).map_err(QueueError::Encoding),
            Some(Kind::Panic) => resume_unwind(Box::new(text())),
            Some(Kind::Broken) => Err(QueueError::Encoding(text())),
            None if self.kind == EXPIRED => Err(QueueError::Expired),
            None => Err(QueueError::Undeliverable(text())),
        }
    }
}

/// The kind of a job that was not run.
pub(super) const EXPIRED: &str = "expired";

async fn submit(spec: &'static Spec, request: Request, time_left: Option<Duration>) -> Result<Submitted, QueueError> {
    let jobs = spec.jobs()?;
    let key = request.key.map(|key| format!("{}:{key}", spec.name)).unwrap_or_default();
    let Spec { name, result_ttl, max_deliveries, .. } = *spec;
    let (id, arguments) = (Jobs::fresh_id(), request.arguments?);
    let id = jobs.enqueue(New { id, key, name, arguments, result_ttl, max_deliveries, time_left }).await?;
    Ok(Submitted { jobs, id })
}

struct Submitted {
    jobs: Arc<Jobs>,
    id: String,
}

impl Submitted {
    /// If no worker has it when this time is over, it expires.
    async fn end(&self, left: Option<Duration>) -> Result<State, QueueError> {
        let (sender, receiver) = oneshot::channel();
        let (jobs, id) = (Arc::clone(&self.jobs), self.id.clone());
        let time = left.map(|left| (left, EXPIRED));
        let task = jobs::spawn(async move { drop(sender.send(jobs.end_of(&id, time).await)) })?;
        let _waiting = AbortOnDrop(task);
        receiver.await.map_err(|_| QueueError::Unavailable("its thread has ended".to_owned()))
    }
}

/// Nobody waits for it any more.
pub(super) struct AbortOnDrop<T>(pub(super) tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What `enqueue` wants to know from the function that it calls.
enum Question {
    Asked,
    Answered(&'static Spec, Request),
}

thread_local! {
    static QUESTION: RefCell<Option<Question>> = const { RefCell::new(None) };
}

/// Does `enqueue` want to know the request, rather than have it run?
#[must_use]
pub fn is_asked() -> bool {
    QUESTION.with_borrow(|question| matches!(question, Some(Question::Asked)))
}

/// Tells it.
pub fn answer(spec: &'static Spec, request: Request) {
    QUESTION.set(Some(Question::Answered(spec, request)));
}

/// The same in a future, which `enqueue` drops.
pub async fn unwanted<R>(spec: &'static Spec, request: Request) -> R {
    answer(spec, request);
    std::future::pending().await
}

/// Puts calls of an `#[offload(queue)]` function into its queue, and goes on.
///
/// Functions of up to six arguments have it; with more than one, the input is a tuple. Decorators above
/// `#[offload(queue)]` concern a call that waits for its result: `enqueue` passes them by. The caller's deadline is not
/// passed on either.
///
/// ```no_run
/// use festoon::queue::QueueError;
/// use festoon::{Enqueue, offload};
///
/// #[offload(queue = "mail")]
/// async fn send(to: String) -> Result<usize, QueueError> {
///     Ok(to.len())
/// }
///
/// # async fn f() -> Result<(), QueueError> {
/// let job = send.enqueue("ada@example.com".to_owned()).await?;
/// println!("job {}", job.id());
/// assert_eq!(job.result().await, Ok(15));
/// # Ok(())
/// # }
/// ```
pub trait Enqueue<Arguments>: Each<Arguments, Output: Future<Output: FromQueue>> {
    /// Puts a call into the queue when it is awaited. The job runs even if nobody waits for it.
    ///
    /// # Errors
    /// If the arguments cannot be encoded, or the server cannot be reached.
    ///
    /// # Panics
    /// If the function has no `#[offload(queue)]`, or is a closure.
    fn enqueue(
        &self,
        input: Self::Input,
    ) -> impl Future<Output = Result<Job<<Self::Output as Future>::Output>, QueueError>> + Send {
        let function = without_generics(type_name_of_val(self));
        assert!(is_queued(&function), "festoon: `{function}` has no `#[offload(queue)]`");
        let asked = ask(self.call_with(input));
        async move {
            let (spec, request) = asked.expect("festoon: the function has `#[offload(queue)]`, and answers");
            Ok(Job { submitted: submit(spec, request, None).await?, output: PhantomData })
        }
    }
}

#[diagnostic::do_not_recommend]
impl<F: Each<Arguments, Output: Future<Output: FromQueue>>, Arguments> Enqueue<Arguments> for F {}

/// The first thing that the function does is to answer.
fn ask(call: impl Future) -> Option<(&'static Spec, Request)> {
    let before = QUESTION.replace(Some(Question::Asked));
    let _pending = pin!(call).poll(&mut Context::from_waker(Waker::noop()));
    match QUESTION.replace(before) {
        Some(Question::Answered(spec, request)) => Some((spec, request)),
        _ => None,
    }
}

/// A job in a queue; see [`Enqueue`]. Dropping it changes nothing.
pub struct Job<R> {
    submitted: Submitted,
    output: PhantomData<fn() -> R>,
}

impl<R> Job<R> {
    /// Its id, the same for all with the same idempotency key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.submitted.id
    }
}

impl<R: FromQueue> Job<R> {
    /// Waits for its end and returns what the function returned. It can be awaited any number of times, until
    /// `result_ttl` has passed.
    ///
    /// # Panics
    /// If the job panicked, with the text of its panic.
    pub async fn result(&self) -> R {
        let ended = async { Ended::read(self.submitted.end(None).await?) };
        ended.await.and_then(|ended| ended.value(&outcome::<R>())).unwrap_or_else(R::failed)
    }
}

impl<R> std::fmt::Debug for Job<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("id", &self.id()).finish_non_exhaustive()
    }
}
