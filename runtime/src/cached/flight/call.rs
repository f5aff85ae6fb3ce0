//! One call: a hit, or a miss that is led or waited for.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::cached::core::{Begun, Instance};
use crate::cached::flight::table::{Flight, Turn, Wake};
use crate::cached::store::Types;
use crate::cached::value::policy::Policy;
use crate::deadlock::{self, Circle, Inside, Waiting};

/// What a look-up came to.
pub enum Found<P: Policy, C: Types> {
    /// What the call returns.
    Hit(P::Output),
    /// The body may have to run.
    Miss(Miss<P, C>),
}

/// A call that has not found its value.
pub struct Miss<P, C: Types> {
    turned: Turned<C>,
    policy: PhantomData<fn(P)>,
}

enum Turned<C: Types> {
    Wait(Wait<C>),
    Lead(Lead<C>),
}

impl<C: Types, P: Policy<Value = C::Value>> Found<P, C> {
    pub(in crate::cached) fn new(begun: Begun<C>) -> Self {
        match begun {
            Begun::Value(value) => Found::Hit(P::output(value)),
            Begun::Lead(lead) => Found::lead(lead),
            Begun::Wait(wait) => Found::Miss(Miss { turned: Turned::Wait(wait), policy: PhantomData }),
        }
    }

    /// It runs the body.
    pub(in crate::cached) fn lead(lead: Lead<C>) -> Self {
        Found::Miss(Miss { turned: Turned::Lead(lead), policy: PhantomData })
    }
}

impl<C: Types, P: Policy<Value = C::Value>> Miss<P, C> {
    /// Runs the body, unless another call's run gives the value first.
    pub fn run(self, body: impl FnOnce() -> P::Output) -> P::Output {
        let lead = match self.turned.block() {
            Ok(value) => return P::output(value),
            Err(lead) => lead,
        };
        lead.run::<P>(body)
    }

    /// The same for a future, which is polled only if it has to be.
    pub fn run_async<F: Future<Output = P::Output>>(self, body: F) -> Running<P, C, F> {
        Running { body, turned: Some(self.turned), policy: PhantomData }
    }
}

/// For a call that, when it leads, looks elsewhere before it runs the body.
#[cfg(any(feature = "redis", feature = "disk"))]
impl<P, C: Types> Miss<P, C> {
    /// The value of another call's run, or the lead.
    pub(in crate::cached) fn wait(self) -> Result<C::Value, Lead<C>> {
        self.turned.block()
    }

    /// The same without the thread.
    pub(in crate::cached) async fn wait_async(self) -> Result<C::Value, Lead<C>> {
        let mut wait = match self.turned {
            Turned::Lead(lead) => return Err(lead),
            Turned::Wait(wait) => wait,
        };
        std::future::poll_fn(move |context| match wait.look(Some(context.waker())) {
            Looked::Pending => Poll::Pending,
            Looked::Value(value) => Poll::Ready(Ok(value)),
            Looked::Lead(lead) => Poll::Ready(Err(lead)),
        })
        .await
    }
}

impl<C: Types> Turned<C> {
    /// Waits on this thread.
    fn block(self) -> Result<C::Value, Lead<C>> {
        let mut wait = match self {
            Turned::Lead(lead) => return Err(lead),
            Turned::Wait(wait) => wait,
        };
        loop {
            match wait.look(None) {
                Looked::Pending => std::thread::park(),
                Looked::Value(value) => return Ok(value),
                Looked::Lead(lead) => return Err(lead),
            }
        }
    }
}

/// The right, and the duty, to compute a missing value. Dropped without one, it passes to the next call that waits.
pub(in crate::cached) struct Lead<C: Types> {
    instance: Arc<Instance<C>>,
    /// Until it has landed.
    flight: Option<Arc<Flight<C::Value>>>,
}

impl<C: Types> Lead<C> {
    pub(in crate::cached) fn new(instance: Arc<Instance<C>>, flight: Arc<Flight<C::Value>>) -> Self {
        Lead { instance, flight: Some(flight) }
    }

    pub(in crate::cached) fn run<P: Policy<Value = C::Value>>(self, body: impl FnOnce() -> P::Output) -> P::Output {
        let inside = self.enter(None);
        let output = body();
        drop(inside);
        self.finish::<P>(output)
    }

    pub(in crate::cached) fn run_async<P: Policy<Value = C::Value>, F: Future<Output = P::Output>>(
        self,
        body: F,
    ) -> Running<P, C, F> {
        Running { body, turned: Some(Turned::Lead(self)), policy: PhantomData }
    }

    /// Runs the body, or polls it with this waker.
    fn enter(&self, waker: Option<&Waker>) -> Option<Inside> {
        self.flight.as_ref().map(|flight| deadlock::enter(Arc::clone(flight) as _, waker))
    }

    /// The end of a run. If a clone or a comparison of the user's panics in here, the next one takes over.
    fn finish<P: Policy<Value = C::Value>>(mut self, output: P::Output) -> P::Output {
        let Some(flight) = &self.flight else { return output };
        if P::is_error(&output)
            && let Some(old) = self.instance.stand_in(flight)
        {
            self.flight = None;
            return P::output(old);
        }
        if let Some(value) = P::keep(&output) {
            self.instance.land(flight, value);
            self.flight = None;
        }
        output
    }
}

#[cfg(any(feature = "redis", feature = "disk"))]
impl<C: Types> Lead<C> {
    /// The value has been found elsewhere, where it lives for so many ticks from now on.
    pub(in crate::cached) fn land(mut self, value: C::Value, longest: u64) {
        if let Some(flight) = self.flight.take() {
            self.instance.land_for(&flight, value, longest);
        }
    }
}

impl<C: Types> Drop for Lead<C> {
    fn drop(&mut self) {
        if let Some(flight) = self.flight.take() {
            self.instance.flights().hand_over(&flight);
        }
    }
}

/// A call that waits for another one's run.
pub(in crate::cached) struct Wait<C: Types> {
    instance: Arc<Instance<C>>,
    /// Until its turn has come.
    flight: Option<Arc<Flight<C::Value>>>,
    ticket: u64,
    waiting: Option<Waiting>,
    /// The key, where the call can turn out to wait for itself.
    key: Option<String>,
}

enum Looked<C: Types> {
    Pending,
    Value(C::Value),
    Lead(Lead<C>),
}

impl<C: Types> Wait<C> {
    pub(in crate::cached) fn new(
        instance: Arc<Instance<C>>,
        flight: Arc<Flight<C::Value>>,
        ticket: u64,
        key: Option<String>,
    ) -> Self {
        let waiting = Some(Waiting::new(Arc::clone(&flight) as _));
        Wait { instance, flight: Some(flight), ticket, waiting, key }
    }

    /// Without a waker, this thread waits.
    fn look(&mut self, waker: Option<&Waker>) -> Looked<C> {
        let Some(flight) = &self.flight else { return Looked::Pending };
        let wake = || waker.map_or_else(|| Wake::Thread(std::thread::current()), |waker| Wake::Task(waker.clone()));
        let looked = match flight.look(self.ticket, wake) {
            Turn::Pending => {
                if let Some(Err(Circle)) = self.waiting.as_mut().map(|waiting| waiting.poll(waker)) {
                    self.instance.waits_for_itself(self.key.as_deref());
                }
                return Looked::Pending;
            }
            Turn::Value(value) => {
                self.instance.count_hit();
                Looked::Value(value)
            }
            Turn::Lead => Looked::Lead(self.instance.take_over(flight)),
        };
        self.flight = None;
        self.waiting = None;
        looked
    }
}

impl<C: Types> Drop for Wait<C> {
    fn drop(&mut self) {
        if let Some(flight) = self.flight.take() {
            self.instance.flights().leave(&flight, self.ticket);
        }
    }
}

pin_project_lite::pin_project! {
    /// A call of an async function that missed.
    #[must_use = "futures do nothing unless polled"]
    pub struct Running<P, C: Types, F> {
        // Before the turn: a cancelled body is gone when the next one takes over.
        #[pin]
        body: F,
        // Until the call has its value.
        turned: Option<Turned<C>>,
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
        if let Some(Turned::Wait(wait)) = this.turned {
            match wait.look(Some(context.waker())) {
                Looked::Pending => return Poll::Pending,
                Looked::Value(value) => {
                    *this.turned = None;
                    return Poll::Ready(P::output(value));
                }
                Looked::Lead(lead) => *this.turned = Some(Turned::Lead(lead)),
            }
        }
        let Some(Turned::Lead(lead)) = this.turned else { panic!("festoon: a future was polled after its end") };
        let inside = lead.enter(Some(context.waker()));
        let polled = this.body.poll(context);
        drop(inside);
        let Poll::Ready(output) = polled else { return Poll::Pending };
        let Some(Turned::Lead(lead)) = this.turned.take() else { return Poll::Ready(output) };
        Poll::Ready(lead.finish::<P>(output))
    }
}
