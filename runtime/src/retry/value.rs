//! The same loop without a decorated function.

use std::fmt::Display;
use std::time::Duration;

use super::attempt::{Attempt, attempt};
use super::budget::Budget;
use super::error::RetryError;
use super::failed::Failed;
use super::fault::never;
use super::future::{Attempted, Sleep};
use super::kind::TextOf;
use super::limits::{Given, Limits, budgeted};
use super::owner::Owner;
use super::run::repeat;
use super::running::Begun;
use super::site::Policy;
use super::state::{RetryState, State};
use super::verdict::Verdict;
use super::wait::Wait;
use super::words::Text;
use crate::clock;
use crate::retryable::{Advice, Retryable};

/// `#[retry]` as a value: for a call in the middle of a function, or with limits that come from elsewhere.
///
/// It behaves like the attribute with the same options. The closure receives the current [`Attempt`].
///
/// ```
/// use festoon::{Retry, Wait};
/// use std::time::Duration;
///
/// let retry = Retry::new().attempts(5).wait(Wait::fixed(Duration::from_millis(1))).when(|error: &String| error == "busy");
/// let answer = retry.run(|attempt| if attempt.number < 3 { Err("busy".to_owned()) } else { Ok(attempt.number) });
/// assert_eq!(answer, Ok(3));
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is tried before `run`"]
pub struct Retry<W = Always> {
    name: &'static str,
    policy: Policy,
    within: Option<Duration>,
    budget: Option<&'static Budget>,
    max_hint: Duration,
    when: W,
}

/// Retries every error.
#[derive(Debug, Clone, Copy)]
pub struct Always;

/// Retries the errors that this closure accepts.
#[derive(Debug, Clone, Copy)]
pub struct When<F>(F);

/// Lets the error decide whether it is retried.
#[derive(Debug, Clone, Copy)]
pub struct AsTheErrorSays;

/// Decides what to do about an error.
pub trait Decide<E> {
    #[doc(hidden)]
    fn about(&self, error: &E) -> Advice;
}

impl<E> Decide<E> for Always {
    fn about(&self, _: &E) -> Advice {
        Advice::Transient
    }
}

impl<E, F: Fn(&E) -> bool> Decide<E> for When<F> {
    fn about(&self, error: &E) -> Advice {
        if (self.0)(error) { Advice::Transient } else { Advice::Never }
    }
}

impl<E: Retryable> Decide<E> for AsTheErrorSays {
    fn about(&self, error: &E) -> Advice {
        error.advice()
    }
}

impl Retry {
    /// Creates a policy with three attempts, the waits of [`Wait::default`], and retries for every error.
    pub const fn new() -> Self {
        Retry {
            name: "retry",
            policy: Policy::new(Policy::ATTEMPTS, Wait::STANDARD),
            within: None,
            budget: None,
            max_hint: Duration::MAX,
            when: Always,
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Retry::new()
    }
}

impl<W> Retry<W> {
    /// Sets the maximum number of attempts, the first one included; at least one.
    pub fn attempts(mut self, most: u32) -> Self {
        self.policy.attempts = most.max(1);
        self
    }

    /// Allows as many attempts as there is time for: set [`within`](Retry::within), or be prepared to cancel it.
    pub fn unlimited(mut self) -> Self {
        self.policy.attempts = Policy::UNLIMITED;
        self
    }

    /// Sets how long to wait between attempts.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.policy.wait = wait;
        self
    }

    /// Starts no attempt later than this after the call started; see [`deadline`](crate::deadline()).
    pub fn within(mut self, length: Duration) -> Self {
        self.within = Some(length);
        self
    }

    /// Limits the share of calls that may be retries.
    pub fn budget(mut self, budget: &'static Budget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Limits the wait that an error can ask for.
    pub fn max_hint(mut self, most: Duration) -> Self {
        self.max_hint = most;
        self
    }

    /// Sets the name in events.
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Sets which errors to retry: a closure with the type of its argument, or a path.
    pub fn when<E, F: Fn(&E) -> bool>(self, when: F) -> Retry<When<F>> {
        self.deciding(When(when))
    }

    /// Lets the error decide whether and when to try again; it has to be [`Retryable`].
    pub fn as_the_error_says(self) -> Retry<AsTheErrorSays> {
        self.deciding(AsTheErrorSays)
    }

    fn deciding<V>(self, when: V) -> Retry<V> {
        let Retry { name, policy, within, budget, max_hint, when: _ } = self;
        Retry { name, policy, within, budget, max_hint, when }
    }

    pub(super) fn judge<E>(&self, error: Option<&E>) -> Verdict
    where
        W: Decide<E>,
    {
        let Some(error) = error else { return Verdict::Good };
        match self.when.about(error) {
            Advice::Never => Verdict::Final,
            Advice::Transient => Verdict::Retry,
            Advice::After(wait) => Verdict::After(wait.min(self.max_hint)),
        }
    }

    fn owner(&self) -> Owner<'_> {
        Owner::Value { name: self.name, policy: &self.policy }
    }

    fn begin(&self) -> (Failed, Given) {
        let given = Given::new(None, self.within);
        let given = self.budget.map_or(given, |budget| budgeted(given, budget));
        given.begin();
        (Failed::new(self.owner(), given.bounds()), given)
    }

    /// Calls the closure until it succeeds or the retries are exhausted, and then returns the last error.
    ///
    /// # Errors
    /// The error of the last attempt.
    pub fn run<T, E>(&self, mut call: impl FnMut(Attempt) -> Result<T, E>) -> Result<T, E>
    where
        W: Decide<E>,
    {
        self.repeat(|| call(attempt()), |result| self.judge(result.as_ref().err()), |_| Text::Unknown)
    }

    /// Like [`run`](Retry::run), with an error that contains the history.
    ///
    /// # Errors
    /// The error of the last attempt, with the history of the call.
    pub fn run_told<T, E: Display>(&self, mut call: impl FnMut(Attempt) -> Result<T, E>) -> Result<T, RetryError<E>>
    where
        W: Decide<E>,
    {
        self.repeat(
            || call(attempt()).map_err(RetryError::from),
            |result| self.judge(result.as_ref().err().map(RetryError::error)),
            |result| result.as_mut().err().map_or(Text::Unknown, |error| Text::Listener(error)),
        )
    }

    pub(super) fn repeat<R>(&self, attempt: impl FnMut() -> R, judge: impl FnMut(&R) -> Verdict, text: TextOf<R>) -> R {
        let (mut call, given) = self.begin();
        let _below = given.enter();
        call.tell_thread();
        repeat(self.owner(), call, attempt, judge, text)
    }

    /// Like [`run`](Retry::run), for an async closure, which may borrow and change its environment.
    ///
    /// ```
    /// # futures_executor::block_on(async {
    /// let mut log = Vec::new();
    /// let answer = festoon::Retry::new()
    ///     .wait(festoon::Wait::fixed(std::time::Duration::ZERO))
    ///     .run_async(async |attempt| {
    ///         log.push(attempt.number);
    ///         if attempt.number < 2 { Err("busy") } else { Ok("done") }
    ///     })
    ///     .await;
    /// assert_eq!((answer, log), (Ok("done"), vec![1, 2]));
    /// # });
    /// ```
    ///
    /// # Errors
    /// The error of the last attempt.
    pub async fn run_async<T, E>(&self, mut call: impl AsyncFnMut(Attempt) -> Result<T, E>) -> Result<T, E>
    where
        W: Decide<E>,
    {
        let mut begun = self.begin_async();
        loop {
            let number = begun.state.during(attempt);
            let result = Attempted { begun: &begun, future: call(number), fault: never }.await;
            let verdict = self.judge(result.as_ref().err());
            let Some(wait) = self.after(&mut begun.state, verdict) else { return result };
            drop(result);
            wait.await;
        }
    }

    pub(super) fn begin_async(&self) -> Begun<Given> {
        let (call, limits) = self.begin();
        Begun { state: RetryState(State::Failed(Box::new(call))), limits }
    }

    /// An attempt has ended. *Output:* the wait for the next one, if there is one.
    pub(super) fn after(&self, state: &mut RetryState, verdict: Verdict) -> Option<Sleep> {
        let State::Failed(call) = &mut state.0 else { return None };
        if call.is_over(self.owner(), verdict, Text::Unknown) {
            return None;
        }
        Some(Sleep::new(clock::sleep_async(call.begin_next(self.owner()))))
    }
}
