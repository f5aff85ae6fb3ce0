//! Calls of async functions, and of sync functions whose attempts need more than what they borrow: their loop is in the
//! expansion. What follows a failure is cold, and the same code for all functions.

use std::any::type_name;
use std::time::Duration;

use super::attempt::Frame;
use super::failed::{Failed, Waits, sleep_counted};
use super::fault::{fail, is_staged};
use super::future::{Attempted, Hooked, Sleep};
use super::kind::{Fault, Of, TextOf};
use super::light::{self, Light};
use super::limits::{Bounds, Limits};
use super::owner::Owner;
use super::run::Here;
use super::site::{Place, RetrySite, count};
use super::stage;
use super::state::{RetryState, State};
use super::verdict::Verdict;
use super::words::Text;
use crate::clock;
use crate::timeout::{Limited, TimedOut};

/// One call.
pub struct Running<L: Limits> {
    site: &'static RetrySite,
    pub(super) begun: Begun<L>,
    /// For a sync function; a future sets it in each poll.
    _below: Option<L::Below>,
}

/// What an attempt needs to know.
pub(super) struct Begun<L> {
    pub(super) state: RetryState,
    pub(super) limits: L,
}

/// A call of a sync function starts.
#[inline]
pub fn start<C: Place, L: Limits>(place: C, limits: L) -> Running<L> {
    limits.begin();
    let below = Some(limits.enter());
    let site = place();
    let state =
        if count(site) { RetryState::FIRST } else { Here { site, inside: type_name::<C> }.begin_here(limits.bounds()) };
    Running { site, begun: Begun { state, limits }, _below: below }
}

/// A call of an async function starts: its first poll.
#[inline]
pub fn start_async<C: Place, L: Limits>(place: C, limits: L) -> Running<L> {
    limits.begin();
    let site = place();
    let state =
        if count(site) { RetryState::FIRST } else { Here { site, inside: type_name::<C> }.begin(limits.bounds()) };
    Running { site, begun: Begun { state, limits }, _below: None }
}

impl Here {
    /// A call that takes the slow path from its start.
    #[cold]
    #[inline(never)]
    fn begin_here(self, bounds: &Bounds) -> RetryState {
        let mut state = self.begin(bounds);
        if let State::Failed(call) = &mut state.0 {
            call.tell_thread();
        }
        state
    }

    /// The thread's first call, or a call inside an attempt of another call, whose number has to be hidden: its state is
    /// set up from the start.
    #[cold]
    #[inline(never)]
    fn begin(self, bounds: &Bounds) -> RetryState {
        let state = || State::Failed(Box::new(Failed::new(Owner::Function(self.site), bounds)));
        RetryState(if self.is_hidden(bounds) { state() } else { State::First })
    }

    /// Counts the call, too.
    pub(super) fn is_hidden(self, bounds: &Bounds) -> bool {
        self.site.count_slowly(self.inside, bounds.budget);
        Frame::is_inside() || stage::is_set()
    }
}

impl<L: Limits> Running<L> {
    /// Is the next attempt the last one?
    #[inline]
    pub fn is_last(&self) -> bool {
        self.begun.state.number() >= self.begun.limits.bounds().attempts(&self.site.policy)
    }

    /// Makes an attempt. As the closure is called only once, it may move out of what it borrows.
    #[inline]
    pub fn call<R>(&self, attempt: impl FnOnce() -> R, fault: impl FnOnce(Of<R>) -> Fault<R>) -> R {
        if let State::First = self.begun.state.0 {
            return attempt();
        }
        let owner = Owner::Function(self.site);
        if is_staged(owner) { fail(owner.name(), fault(Of::NEW)) } else { attempt() }
    }

    /// Is the value accepted? Then the call ends.
    #[inline]
    pub fn is_good(&mut self, verdict: Verdict) -> bool {
        match &mut self.begun.state.0 {
            State::First => verdict == Verdict::Good,
            state => is_good_now(self.site, state, verdict),
        }
    }

    /// After a failure: does the call end nevertheless? If not, its wait is known.
    #[inline]
    pub fn is_over<R>(&mut self, verdict: Verdict, text: TextOf<R>, failure: &mut R) -> bool {
        failed(self.site, self.begun.limits.bounds(), &mut self.begun.state.0, verdict, text(failure), None)
    }

    /// Like [`is_over`](Self::is_over), with the user's own waits, which are created after the first failure.
    #[inline]
    pub fn is_over_with<R, I: IntoIterator<Item = Duration>>(
        &mut self,
        verdict: Verdict,
        text: TextOf<R>,
        failure: &mut R,
        waits: &mut Option<Box<I::IntoIter>>,
        make: impl FnOnce() -> I,
    ) -> bool {
        let waits = &mut **waits.get_or_insert_with(|| Box::new(make().into_iter()));
        failed(self.site, self.begun.limits.bounds(), &mut self.begun.state.0, verdict, text(failure), Some(waits))
    }

    /// Waits for the next attempt of a sync function.
    #[inline]
    pub fn sleep(&mut self) {
        sleep(self.site, &mut self.begun.state.0);
    }
}

/// *Output:* does the call end?
#[cold]
#[inline(never)]
fn failed(
    site: &'static RetrySite,
    bounds: &Bounds,
    state: &mut State,
    verdict: Verdict,
    text: Text<'_>,
    waits: Option<Waits<'_>>,
) -> bool {
    let owner = Owner::Function(site);
    match state {
        State::First if waits.is_none() && light::suffices(owner, bounds, verdict, &text) => {
            *state = State::Light(Light::new(bounds.attempts(owner.policy())));
        }
        State::First => *state = State::Failed(Box::new(Failed::new(owner, bounds))),
        State::Light(light) if !light::still_suffices(verdict, &text) => {
            *state = State::Failed(light.grown(owner, bounds));
        }
        _ => {}
    }
    match state {
        State::Light(light) => light.decide(site, verdict, &text),
        State::Failed(failed) => failed.decide(owner, verdict, text, waits),
        State::First => {}
    }
    state.is_done()
}

#[cold]
#[inline(never)]
fn is_good_now(site: &'static RetrySite, state: &mut State, verdict: Verdict) -> bool {
    let is_good = verdict == Verdict::Good;
    match state {
        State::Light(light) if is_good => light.recovered(site),
        State::Failed(failed) if is_good => failed.recovered(Owner::Function(site)),
        _ => {}
    }
    is_good
}

#[cold]
#[inline(never)]
fn sleep(site: &'static RetrySite, state: &mut State) {
    match state {
        State::First => {}
        State::Light(light) => light.begin_next_here(Owner::Function(site)),
        State::Failed(failed) => failed.sleep(Owner::Function(site)),
    }
}

impl<L: Limits> Running<L> {
    /// One attempt.
    #[inline]
    pub fn attempt<F: Future, M>(&self, future: F, fault: M) -> Attempted<'_, L, F, M>
    where
        M: Fn(Of<F::Output>) -> Fault<F::Output>,
    {
        Attempted { begun: &self.begun, future, fault }
    }

    /// An async hook, in which `festoon::attempt()` returns the same as in an attempt.
    pub fn hook<F: Future>(&self, future: F) -> Hooked<'_, F> {
        Hooked { state: &self.begun.state, future }
    }

    /// One attempt that is cut off after that time.
    #[inline]
    pub fn attempt_within<F, Cut, M>(
        &self,
        limit: Duration,
        future: F,
        cut_off: Cut,
        fault: M,
    ) -> Limited<Attempted<'_, L, F, M>, Cut>
    where
        F: Future,
        Cut: Fn(TimedOut) -> F::Output,
        M: Fn(Of<F::Output>) -> Fault<F::Output>,
    {
        let _below = self.begun.limits.enter();
        Limited::new(self.attempt(future, fault), limit, cut_off)
    }

    /// Waits for the next attempt of an async function.
    #[inline]
    pub fn sleep_async(&mut self) -> Sleep {
        sleep_async(self.site, &mut self.begun.state.0)
    }
}

#[cold]
#[inline(never)]
fn sleep_async(site: &'static RetrySite, state: &mut State) -> Sleep {
    let wait = match state {
        State::First => Duration::ZERO,
        State::Light(light) => {
            light.begin_next(Owner::Function(site));
            return Sleep::none();
        }
        State::Failed(failed) => failed.begin_next(Owner::Function(site)),
    };
    if wait.is_zero() && !clock::is_virtual() {
        return Sleep::none();
    }
    Sleep::new(sleep_counted(site, wait))
}
