//! The loop that `#[retry]` writes into a function calls these. A success on the first attempt takes a few
//! instructions; everything else is cold.

use std::time::Duration;

use super::attempt::Frame;
use super::failed::{Failed, Waits, sleep_counted};
use super::fault::{Fault, staged};
use super::future::{Attempted, Hooked, Sleep};
use super::light::{self, Light};
use super::limits::Limits;
use super::owner::Owner;
use super::quick;
use super::site::{Place, count, count_slowly};
use super::stage;
use super::state::{RetryState, State};
use super::verdict::Verdict;
use super::words::Text;
use crate::clock;
use crate::timeout::{Limited, TimedOut};

/// One call.
pub struct Running<C, L: Limits> {
    place: C,
    limits: L,
    pub(super) state: RetryState,
    /// For a sync function; a future sets it in each poll.
    _below: Option<L::Below>,
}

/// A call of a sync function starts.
#[inline]
pub fn start<C: Place, L: Limits>(place: C, limits: L) -> Running<C, L> {
    limits.begin();
    let below = Some(limits.enter());
    let failed = if count(place().1) { None } else { start_slowly(place, limits) };
    Running { place, limits, state: failed.into(), _below: below }
}

/// A call of an async function starts: its first poll.
#[inline]
pub fn start_async<C: Place, L: Limits>(place: C, limits: L) -> Running<C, L> {
    limits.begin();
    let failed = if count(place().1) { None } else { hidden(place, limits) };
    Running { place, limits, state: failed.into(), _below: None }
}

#[cold]
#[inline(never)]
fn start_slowly<C: Place, L: Limits>(place: C, limits: L) -> Option<Box<Failed>> {
    let mut call = hidden(place, limits)?;
    call.tell_thread();
    Some(call)
}

/// The thread's first call, or a call inside an attempt of another call, whose number has to be hidden: its state is
/// set up from the start.
#[cold]
#[inline(never)]
fn hidden<C: Place, L: Limits>(place: C, limits: L) -> Option<Box<Failed>> {
    is_hidden(place, limits).then(|| Box::new(Failed::new(owner(place), limits)))
}

fn owner<C: Place>(place: C) -> Owner<'static> {
    Owner::Function(place().0)
}

fn is_hidden<C: Place, L: Limits>(place: C, limits: L) -> bool {
    count_slowly(place, limits.budget());
    Frame::is_inside() || stage::is_set()
}

/// A whole call of a sync function whose attempts only need what they borrow. The first attempt is outside of the loop,
/// where it takes half as many instructions as inside.
#[inline]
pub fn run<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    mut attempt: impl FnMut() -> R,
    mut judge: impl FnMut(&R) -> Verdict,
    text: impl Fn(&mut R) -> Text<'_>,
    make: impl Fn(&Fault<R>) -> Option<R>,
) -> R {
    limits.begin();
    let _below = limits.enter();
    if !count(place().1) {
        return run_slowly(place, limits, None, Calls { attempt, judge, text, make });
    }
    let result = attempt();
    match judge(&result) {
        Verdict::Good => result,
        verdict => run_slowly(place, limits, Some((result, verdict)), Calls { attempt, judge, text, make }),
    }
}

/// The callbacks of a loop: the attempt, the verdict on its value, the text of its error, and an error for tests.
pub(super) struct Calls<A, J, T, M> {
    pub(super) attempt: A,
    pub(super) judge: J,
    pub(super) text: T,
    pub(super) make: M,
}

impl<A, J, T, M> Calls<A, J, T, M> {
    #[inline]
    fn next<R>(&mut self, owner: Owner<'_>) -> (R, Verdict)
    where
        A: FnMut() -> R,
        J: FnMut(&R) -> Verdict,
        M: Fn(&Fault<R>) -> Option<R>,
    {
        let result = staged(owner, &self.make).unwrap_or_else(&mut self.attempt);
        let verdict = (self.judge)(&result);
        (result, verdict)
    }
}

/// The rest of a call, or all of it if no attempt has been made yet.
#[cold]
#[inline(never)]
fn run_slowly<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    first: Option<(R, Verdict)>,
    mut calls: Calls<
        impl FnMut() -> R,
        impl FnMut(&R) -> Verdict,
        impl Fn(&mut R) -> Text<'_>,
        impl Fn(&Fault<R>) -> Option<R>,
    >,
) -> R {
    let owner = owner(place);
    let is_hidden = first.is_none() && is_hidden(place, limits);
    let mut number = 1;
    let first = if is_hidden { None } else { Some(first.unwrap_or_else(|| calls.next(owner))) };
    let first = match first {
        Some((result, Verdict::Retry)) if quick::is_quick(owner, limits) => {
            match quick::attempts(place, limits.attempts(owner.policy()), result, &mut calls) {
                Ok(result) => return result,
                Err((result, verdict, reached)) => {
                    number = reached;
                    Some((result, verdict))
                }
            }
        }
        first => first,
    };
    let mut call = Failed::new(owner, limits);
    call.number = number;
    if is_hidden {
        call.tell_thread();
    }
    repeat(owner, call, first, calls)
}

/// The attempts of a sync call, starting with the first one that has not been made yet.
#[inline]
pub(super) fn repeat<R>(
    owner: Owner<'_>,
    mut call: Failed,
    first: Option<(R, Verdict)>,
    mut calls: Calls<
        impl FnMut() -> R,
        impl FnMut(&R) -> Verdict,
        impl Fn(&mut R) -> Text<'_>,
        impl Fn(&Fault<R>) -> Option<R>,
    >,
) -> R {
    let (mut result, mut verdict) = first.unwrap_or_else(|| calls.next(owner));
    while !call.is_over(owner, verdict, (calls.text)(&mut result)) {
        drop(result);
        call.sleep(owner);
        (result, verdict) = calls.next(owner);
    }
    result
}

impl<C: Place, L: Limits> Running<C, L> {
    /// Is the next attempt the last one?
    #[inline]
    pub fn is_last(&self) -> bool {
        self.state.number() >= self.limits.attempts(&(self.place)().0.policy)
    }

    /// Makes an attempt. As the closure is called only once, it may move out of what it borrows.
    #[inline]
    pub fn call<R>(&self, attempt: impl FnOnce() -> R, make: impl Fn(&Fault<R>) -> Option<R>) -> R {
        let is_first = matches!(self.state.0, State::First);
        let staged = if is_first { None } else { staged(owner(self.place), &make) };
        staged.unwrap_or_else(attempt)
    }

    /// Is the value accepted? Then the call ends.
    #[inline]
    pub fn is_good(&mut self, verdict: Verdict) -> bool {
        match &mut self.state.0 {
            State::First => verdict == Verdict::Good,
            state => is_good_now(self.place, state, verdict),
        }
    }

    /// After a failure: does the call end nevertheless? If not, its wait is known.
    #[inline]
    pub fn is_over<R>(&mut self, failure: &mut R, verdict: Verdict, text: impl FnOnce(&mut R) -> Text<'_>) -> bool {
        self.failed(failure, verdict, text, None)
    }

    /// Like [`is_over`](Self::is_over), with the user's own waits, which are created after the first failure.
    #[inline]
    pub fn is_over_with<R, I: IntoIterator<Item = Duration>>(
        &mut self,
        failure: &mut R,
        verdict: Verdict,
        text: impl FnOnce(&mut R) -> Text<'_>,
        waits: &mut Option<Box<I::IntoIter>>,
        make: impl FnOnce() -> I,
    ) -> bool {
        let waits = waits.get_or_insert_with(|| Box::new(make().into_iter()));
        self.failed(failure, verdict, text, Some(&mut **waits))
    }

    #[inline]
    fn failed<R>(
        &mut self,
        failure: &mut R,
        verdict: Verdict,
        text: impl FnOnce(&mut R) -> Text<'_>,
        waits: Option<Waits<'_>>,
    ) -> bool {
        failed(self.place, self.limits, &mut self.state.0, failure, verdict, text, waits);
        self.state.0.is_done()
    }

    /// Waits for the next attempt of a sync function.
    #[inline]
    pub fn sleep(&mut self) {
        sleep(self.place, &mut self.state.0);
    }
}

#[cold]
#[inline(never)]
fn failed<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    state: &mut State,
    failure: &mut R,
    verdict: Verdict,
    text: impl FnOnce(&mut R) -> Text<'_>,
    waits: Option<Waits<'_>>,
) {
    let (owner, text) = (owner(place), text(failure));
    match state {
        State::First if waits.is_none() && light::suffices(owner, limits, verdict, &text) => {
            *state = State::Light(Light::new(limits.attempts(owner.policy())));
        }
        State::First => *state = State::Failed(Box::new(Failed::new(owner, limits))),
        State::Light(light) if !light::still_suffices(verdict, &text) => {
            *state = State::Failed(light.grown(owner, limits));
        }
        _ => {}
    }
    match state {
        State::Light(light) => light.decide(place, verdict, &text),
        State::Failed(failed) => failed.decide(owner, verdict, text, waits),
        State::First => {}
    }
}

#[cold]
#[inline(never)]
fn is_good_now<C: Place>(place: C, state: &mut State, verdict: Verdict) -> bool {
    let is_good = verdict == Verdict::Good;
    match state {
        State::Light(light) if is_good => light.recovered(place),
        State::Failed(failed) if is_good => failed.recovered(owner(place)),
        _ => {}
    }
    is_good
}

#[cold]
#[inline(never)]
fn sleep<C: Place>(place: C, state: &mut State) {
    match state {
        State::First => {}
        State::Light(light) => light.begin_next_here(owner(place)),
        State::Failed(failed) => failed.sleep(owner(place)),
    }
}

impl<C: Place, L: Limits> Running<C, L> {
    /// One attempt.
    #[inline]
    pub fn attempt<F: Future, M>(&self, future: F, make: M) -> Attempted<'_, L, F, M>
    where
        M: Fn(&Fault<F::Output>) -> Option<F::Output>,
    {
        Attempted { state: &self.state, limits: self.limits, future, make }
    }

    /// An async hook, in which `festoon::attempt()` returns the same as in an attempt.
    pub fn hook<F: Future>(&self, future: F) -> Hooked<'_, F> {
        Hooked { state: &self.state, future }
    }

    /// One attempt that is cut off after that time.
    #[inline]
    pub fn attempt_within<F, Cut, M>(
        &self,
        limit: Duration,
        future: F,
        cut_off: Cut,
        make: M,
    ) -> Limited<Attempted<'_, L, F, M>, Cut>
    where
        F: Future,
        Cut: Fn(TimedOut) -> F::Output,
        M: Fn(&Fault<F::Output>) -> Option<F::Output>,
    {
        let _below = self.limits.enter();
        Limited::new(self.attempt(future, make), limit, cut_off)
    }

    /// Waits for the next attempt of an async function.
    #[inline]
    pub fn sleep_async(&mut self) -> Sleep {
        sleep_async(self.place, &mut self.state.0)
    }
}

#[cold]
#[inline(never)]
fn sleep_async<C: Place>(place: C, state: &mut State) -> Sleep {
    let wait = match state {
        State::First => Duration::ZERO,
        State::Light(light) => {
            light.begin_next(owner(place));
            return Sleep::none();
        }
        State::Failed(failed) => failed.begin_next(owner(place)),
    };
    if wait.is_zero() && !clock::is_virtual() {
        return Sleep::none();
    }
    Sleep::new(sleep_counted(place().0, wait))
}
