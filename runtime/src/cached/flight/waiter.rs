//! A call that waits for another call's run.

use std::panic::UnwindSafe;
use std::sync::Arc;
use std::task::{Context, Waker};

use crate::cached::core::{Common, Core, Flight, typed};
use crate::cached::flight::call::Leader;
use crate::cached::flight::hang::Patience;
use crate::cached::flight::table::{Turn, Wake};
use crate::cached::key::ErasedQuery;
use crate::cached::key::within::within;
use crate::cached::store::Types;
use crate::cached::value::entry::AnyValue;
use crate::deadlock::{Circle, Waiting};

/// A call that waits for another call's run.
pub(in crate::cached) struct Waiter<C: Types> {
    core: Arc<Core<C>>,
    wait: Wait,
}

/// If a run panics, one of its waiters takes over.
impl<C: Types> UnwindSafe for Waiter<C> {}

/// How waiting ended.
pub(super) enum WaitOutcome<C: Types> {
    Pending,
    Value(C::Value),
    Lead(Leader<C>),
}

impl<C: Types> Waiter<C> {
    /// Formats the key for messages, which runs the user's code; if that panics, the waiter leaves.
    pub(in crate::cached) fn new(core: Arc<Core<C>>, flight: Arc<Flight>, ticket: u64, key: &dyn ErasedQuery) -> Self {
        let mut waiter = Waiter { wait: Wait::new(core.common().name, flight, ticket), core };
        waiter.wait.patience.key = key.show();
        waiter
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> WaitOutcome<C> {
        let seen = self.wait.poll(self.core.common(), context);
        self.outcome(seen)
    }

    /// Waits on this thread.
    pub(super) fn wait(&mut self) -> Result<C::Value, Leader<C>> {
        loop {
            let seen = self.wait.look(self.core.common(), None);
            match self.outcome(seen) {
                WaitOutcome::Pending => self.wait.patience.park(),
                WaitOutcome::Value(value) => return Ok(value),
                WaitOutcome::Lead(lead) => return Err(lead),
            }
        }
    }

    fn outcome(&self, seen: Seen) -> WaitOutcome<C> {
        match seen {
            Seen::Pending => WaitOutcome::Pending,
            Seen::Value(value) => WaitOutcome::Value(within(|| typed(&value))),
            Seen::Lead(flight) => WaitOutcome::Lead(self.core.lead(flight)),
        }
    }
}

impl<C: Types> Drop for Waiter<C> {
    fn drop(&mut self) {
        self.wait.leave(self.core.common());
    }
}

/// The same without the types.
struct Wait {
    /// Until its turn has come.
    flight: Option<Arc<Flight>>,
    ticket: u64,
    waiting: Option<Waiting>,
    patience: Patience,
}

/// What a waiting call finds.
enum Seen {
    Pending,
    Value(AnyValue),
    Lead(Arc<Flight>),
}

impl Wait {
    fn new(function: &'static str, flight: Arc<Flight>, ticket: u64) -> Self {
        let waiting = Some(Waiting::new(Arc::clone(&flight) as _));
        Wait { flight: Some(flight), ticket, waiting, patience: Patience::new(function) }
    }

    fn poll(&mut self, common: &Common, context: &mut Context<'_>) -> Seen {
        let seen = self.look(common, Some(context.waker()));
        if let Seen::Pending = seen {
            self.patience.poll(context);
        }
        seen
    }

    /// Checks whether its turn has come. If so, it no longer waits, even if the user's `Clone` panics after that.
    /// Without a waker, this thread waits.
    fn look(&mut self, common: &Common, waker: Option<&Waker>) -> Seen {
        let Some(flight) = &self.flight else { return Seen::Pending };
        let wake = || waker.map_or_else(|| Wake::Thread(std::thread::current()), |waker| Wake::Task(waker.clone()));
        let turn = flight.look(self.ticket, wake);
        if let Turn::Pending = turn {
            if let Some(Err(Circle)) = self.waiting.as_mut().map(|waiting| waiting.poll(waker)) {
                common.waits_for_itself(&self.patience.key);
            }
            return Seen::Pending;
        }
        self.waiting = None;
        match (turn, self.flight.take()) {
            (Turn::Value(value), _) => {
                common.stats.hit();
                Seen::Value(value)
            }
            (Turn::Lead, Some(flight)) => Seen::Lead(flight),
            _ => Seen::Pending,
        }
    }

    fn leave(&mut self, common: &Common) {
        if let Some(flight) = self.flight.take() {
            common.flights.leave(&flight, self.ticket);
        }
    }
}
