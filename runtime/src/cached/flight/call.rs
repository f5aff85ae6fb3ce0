//! One call: a hit, or a miss that leads or waits.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cached::core::{Core, Flight, Role};
use crate::cached::flight::waiter::{WaitOutcome, Waiter};
use crate::cached::handle::probe;
use crate::cached::key::within::within;
use crate::cached::store::Types;
use crate::cached::value::policy::Policy;
use crate::clock;
use crate::deadlock::{self, Inside};

/// The result of a lookup.
pub enum Found<P: Policy, C: Types> {
    /// What the call returns.
    Hit(P::Output),
    /// The body may have to run.
    Miss(Miss<P, C>),
}

/// A call that did not find its value.
pub struct Miss<P, C: Types> {
    state: State<C>,
    policy: PhantomData<fn(P)>,
}

enum State<C: Types> {
    Waits(Waiter<C>),
    Leads(Leader<C>),
    /// The call was a query from a handle, and has been answered: it ends here, without a value.
    Answered,
}

impl<C: Types, P: Policy<Value = C::Value>> Found<P, C> {
    #[cold]
    #[inline(never)]
    pub(in crate::cached) fn new(role: Role<C>) -> Self {
        match role {
            Role::Value(value) => Found::Hit(P::output(value)),
            Role::Lead(lead) => Found::miss(State::Leads(lead)),
            Role::Wait(wait) => Found::miss(State::Waits(wait)),
            Role::Answered => Found::miss(State::Answered),
        }
    }

    fn miss(state: State<C>) -> Self {
        Found::Miss(Miss { state, policy: PhantomData })
    }
}

impl<C: Types, P: Policy<Value = C::Value>> Miss<P, C> {
    /// Waits on this thread for the value of another call's run, or to become the leader.
    ///
    /// # Errors
    /// With the value, if the body does not have to run.
    #[cold]
    #[inline(never)]
    pub fn lead(self) -> Result<Run<P, C>, P::Output> {
        match self.state.wait() {
            Ok(value) => Err(P::output(value)),
            Err(lead) => Ok(lead.enter_once()),
        }
    }

    /// The same for a future, which is polled only if it has to be.
    pub fn run_async<F: Future<Output = P::Output>>(self, body: F) -> Running<P, C, F> {
        Running { body, state: Some(self.state), policy: PhantomData }
    }

    /// For a call that was only a query: returns to the handle.
    #[expect(clippy::unused_self, reason = "it is not used any more")]
    pub fn leave(self) -> ! {
        probe::leave()
    }

    /// The same for a future, which the handle drops.
    pub async fn leave_async(self) -> Infallible {
        std::future::pending().await
    }
}

#[cfg(any(feature = "redis", feature = "disk"))]
impl<P, C: Types> Miss<P, C> {
    /// The value of another call's run, or the leader's role.
    pub(in crate::cached) fn wait(self) -> Result<C::Value, Leader<C>> {
        self.state.wait()
    }

    /// The same without the thread.
    pub(in crate::cached) async fn wait_async(self) -> Result<C::Value, Leader<C>> {
        let mut waiter = match self.state {
            State::Leads(lead) => return Err(lead),
            State::Waits(waiter) => waiter,
            State::Answered => std::future::pending().await,
        };
        std::future::poll_fn(move |context| match waiter.poll(context) {
            WaitOutcome::Pending => Poll::Pending,
            WaitOutcome::Value(value) => Poll::Ready(Ok(value)),
            WaitOutcome::Lead(lead) => Poll::Ready(Err(lead)),
        })
        .await
    }
}

impl<C: Types> State<C> {
    /// The value of another call's run, or the leader's role.
    #[inline(never)]
    fn wait(self) -> Result<C::Value, Leader<C>> {
        match self {
            State::Leads(lead) => Err(lead),
            State::Waits(mut waiter) => waiter.wait(),
            State::Answered => probe::leave(),
        }
    }
}

/// The right and the duty to compute a missing value. If it is dropped without one, the next waiter takes over.
pub(in crate::cached) struct Leader<C: Types> {
    core: Arc<Core<C>>,
    /// Until the flight is over.
    flight: Option<Arc<Flight>>,
    /// In ticks.
    start: u64,
}

/// A body that runs on this thread.
pub struct Run<P, C: Types> {
    // First, so that if the body panics, this thread has left it before the next leader takes over.
    inside: Option<Inside>,
    lead: Leader<C>,
    policy: PhantomData<fn(P)>,
}

impl<C: Types, P: Policy<Value = C::Value>> Run<P, C> {
    /// The body has ended; the run continues.
    #[cfg(any(feature = "redis", feature = "disk"))]
    pub(in crate::cached) fn leave(self) -> Leader<C> {
        drop(self.inside);
        self.lead
    }

    /// Ends the run with the body's output.
    #[cold]
    #[inline(never)]
    pub fn finish(self, output: P::Output) -> P::Output {
        drop(self.inside);
        self.lead.finish::<P>(output)
    }
}

/// After a panic the next waiter leads.
impl<C: Types> UnwindSafe for Leader<C> {}

impl<C: Types> RefUnwindSafe for Leader<C> {}

impl<C: Types> Leader<C> {
    pub(in crate::cached) fn new(core: Arc<Core<C>>, flight: Arc<Flight>) -> Self {
        Leader { core, flight: Some(flight), start: clock::ticks() }
    }

    /// A leader of an unlisted run whose value is not stored.
    pub(in crate::cached) fn alone(core: Arc<Core<C>>) -> Self {
        Leader { core, flight: None, start: clock::ticks() }
    }

    pub(in crate::cached) fn enter_once<P>(self) -> Run<P, C> {
        Run { inside: self.enter(None), lead: self, policy: PhantomData }
    }

    pub(in crate::cached) fn run_async<P: Policy<Value = C::Value>, F: Future<Output = P::Output>>(
        self,
        body: F,
    ) -> Running<P, C, F> {
        Running { body, state: Some(State::Leads(self)), policy: PhantomData }
    }

    /// Runs the body, or polls it with this waker.
    fn enter(&self, waker: Option<&Waker>) -> Option<Inside> {
        self.flight.as_ref().map(|flight| deadlock::enter(Arc::clone(flight) as _, waker))
    }

    /// Ends a run. If the user's `Clone` or `Eq` panics in here, the next waiter takes over.
    pub(in crate::cached) fn finish<P: Policy<Value = C::Value>>(mut self, output: P::Output) -> P::Output {
        let is_error = P::is_error(&output);
        if is_error && let Some(old) = self.stand_in() {
            return P::output(old);
        }
        if self.flight.is_some() {
            self.settle(within(|| P::keep(&output)), is_error);
        }
        output
    }

    /// The older value that is returned instead of an error. The run is then over.
    #[inline(never)]
    fn stand_in(&mut self) -> Option<C::Value> {
        let old = self.core.stand_in(self.flight.as_ref()?)?;
        self.flight = None;
        Some(old)
    }

    #[inline(never)]
    fn settle(mut self, kept: Option<C::Value>, is_error: bool) {
        let Some(flight) = &self.flight else { return };
        match kept {
            Some(value) => {
                self.core.complete(flight, self.core.entry_of(value, u64::MAX));
                self.flight = None;
            }
            None if !is_error => self.core.complete_without(flight),
            None => {}
        }
    }
}

#[cfg(any(feature = "redis", feature = "disk"))]
impl<C: Types> Leader<C> {
    /// The value was found in another store, where it lives for this many more ticks.
    pub(in crate::cached) fn complete(self, value: C::Value, longest: u64) {
        let entry = self.core.entry_of(value, longest);
        self.end(entry);
    }

    /// Ends a run whose value is stale: waiters get it, but it is not stored.
    pub(in crate::cached) fn finish_without_keeping(self, value: C::Value) {
        self.end(Err(value));
    }

    fn end(mut self, entry: Result<C::Entry, C::Value>) {
        if let Some(flight) = &self.flight {
            // If the user's `Clone` panics in here, the next waiter takes over.
            self.core.complete(flight, entry);
            self.flight = None;
        }
    }

    /// Polls the body to its end. The run continues after that.
    pub(in crate::cached) fn attend<F: Future>(&self, body: F) -> Attended<'_, C, F> {
        Attended { body, lead: self }
    }
}

#[cfg(any(feature = "redis", feature = "disk"))]
pin_project_lite::pin_project! {
    /// The body of a run that continues after it.
    pub(in crate::cached) struct Attended<'l, C: Types, F> {
        #[pin]
        body: F,
        lead: &'l Leader<C>,
    }
}

#[cfg(any(feature = "redis", feature = "disk"))]
impl<C: Types, F: Future> Future for Attended<'_, C, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _inside = this.lead.enter(Some(context.waker()));
        this.body.poll(context)
    }
}

impl<C: Types> Drop for Leader<C> {
    fn drop(&mut self) {
        self.core.common().stats.loaded(self.start);
        if let Some(flight) = self.flight.take() {
            self.core.common().flights.abandon(&flight);
        }
    }
}

pin_project_lite::pin_project! {
    /// A call of an async function that missed.
    #[must_use = "futures do nothing unless polled"]
    pub struct Running<P, C: Types, F> {
        // Before the state, so that a cancelled body is dropped before the next leader takes over.
        #[pin]
        body: F,
        // Until the call has its value.
        state: Option<State<C>>,
        policy: PhantomData<fn(P)>,
    }
}

impl<P, C, F> Future for Running<P, C, F>
where
    C: Types,
    P: Policy<Value = C::Value>,
    F: Future<Output = P::Output>,
{
    type Output = P::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<P::Output> {
        let this = self.project();
        let lead = match lead_of(this.state, context) {
            Poll::Ready(Err(value)) => return Poll::Ready(P::output(value)),
            Poll::Ready(Ok(lead)) => lead,
            Poll::Pending => return Poll::Pending,
        };
        let inside = lead.enter(Some(context.waker()));
        let polled = this.body.poll(context);
        drop(inside);
        let Poll::Ready(output) = polled else { return Poll::Pending };
        let Some(State::Leads(lead)) = this.state.take() else { return Poll::Ready(output) };
        Poll::Ready(lead.finish::<P>(output))
    }
}

/// The leader's role, once the call has it, or the value of another call's run.
#[inline(never)]
fn lead_of<'s, C: Types>(
    state: &'s mut Option<State<C>>,
    context: &mut Context<'_>,
) -> Poll<Result<&'s Leader<C>, C::Value>> {
    if let Some(State::Waits(wait)) = state {
        match wait.poll(context) {
            WaitOutcome::Pending => return Poll::Pending,
            WaitOutcome::Value(value) => {
                *state = None;
                return Poll::Ready(Err(value));
            }
            WaitOutcome::Lead(lead) => *state = Some(State::Leads(lead)),
        }
    }
    match state {
        Some(State::Leads(lead)) => Poll::Ready(Ok(lead)),
        Some(State::Answered) => Poll::Pending,
        Some(State::Waits(_)) | None => panic!("festoon: a future was polled after its end"),
    }
}
