//! Whole calls of sync functions. A success on the first attempt takes a few instructions; everything else is cold, and the
//! same code for all functions with one return type, or for all functions.

use std::any::type_name;

use super::failed::Failed;
use super::fault::{fail, is_staged, never};
use super::kind::{Judge, Kind, Of, TextOf};
use super::limits::{Bounds, Limits};
use super::owner::Owner;
use super::quick;
use super::site::{Place, RetrySite, count};
use super::verdict::Verdict;
use super::words::Text;

/// A whole call of a sync function whose attempts only need what they borrow. The first attempt is outside of the loop,
/// where it takes half as many instructions as inside.
#[inline]
pub fn run<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    mut attempt: impl FnMut() -> R,
    kind: impl Fn(Of<R>) -> (Judge<R>, Kind<R>),
) -> R {
    limits.begin();
    let _below = limits.enter();
    let site = place();
    let here = Here { site, inside: type_name::<C> };
    if !count(site) {
        return all(here, limits.bounds(), &mut attempt, kind(Of::NEW));
    }
    let result = attempt();
    match kind(Of::NEW).0(&result) {
        Verdict::Good => result,
        verdict => rest(here, limits.bounds(), (result, verdict), &mut attempt, kind(Of::NEW)),
    }
}

/// With another judge than the return type.
#[inline]
pub fn run_when<C: Place, L: Limits, R>(
    place: C,
    limits: L,
    mut attempt: impl FnMut() -> R,
    mut judge: impl FnMut(&R) -> Verdict,
    kind: impl Fn(Of<R>) -> Kind<R>,
) -> R {
    limits.begin();
    let _below = limits.enter();
    let site = place();
    let here = Here { site, inside: type_name::<C> };
    if !count(site) {
        return slowly(here, limits.bounds(), None, &mut attempt, &mut judge, kind(Of::NEW));
    }
    let result = attempt();
    match judge(&result) {
        Verdict::Good => result,
        verdict => slowly(here, limits.bounds(), Some((result, verdict)), &mut attempt, &mut judge, kind(Of::NEW)),
    }
}

/// A function, and its name.
#[derive(Clone, Copy)]
pub(super) struct Here {
    pub(super) site: &'static RetrySite,
    pub(super) inside: fn() -> &'static str,
}

/// A closure. Unlike a `dyn FnMut`, which can also be called by value, this takes one function.
pub(super) trait Attempt<R> {
    fn make(&mut self) -> R;
}

impl<R, A: FnMut() -> R> Attempt<R> for A {
    #[inline]
    fn make(&mut self) -> R {
        self()
    }
}

/// The attempts of a call, and the value of the last one.
pub(super) struct Calls<'c, R> {
    value: Option<R>,
    attempt: &'c mut dyn Attempt<R>,
    judge: &'c mut dyn FnMut(&R) -> Verdict,
    kind: Kind<R>,
}

/// The same, whatever the call returns.
pub(super) trait Attempts {
    /// Makes the next one, or lets it fail for a test.
    fn next(&mut self, failing: Option<&str>) -> Verdict;
    /// The text of a failure.
    fn text(&mut self) -> Text<'_>;
    /// Drops the value.
    fn forget(&mut self);
}

impl<R> Attempts for Calls<'_, R> {
    #[inline]
    fn next(&mut self, failing: Option<&str>) -> Verdict {
        self.value = None;
        let value = match failing {
            None => self.attempt.make(),
            Some(name) => fail(name, self.kind.fault),
        };
        (self.judge)(self.value.insert(value))
    }

    #[inline]
    fn text(&mut self) -> Text<'_> {
        self.value.as_mut().map_or(Text::Unknown, self.kind.text)
    }

    fn forget(&mut self) {
        self.value = None;
    }
}

impl dyn Attempts + '_ {
    fn begin(&mut self, owner: Owner<'_>) -> Verdict {
        self.next(is_staged(owner).then(|| owner.name()))
    }
}

/// A call of which no attempt has been made yet.
#[cold]
#[inline(never)]
fn all<R>(here: Here, bounds: &Bounds, attempt: &mut dyn Attempt<R>, (mut judge, kind): (Judge<R>, Kind<R>)) -> R {
    Calls { value: None, attempt, judge: &mut judge, kind }.all(here, bounds)
}

/// A call whose first attempt has failed.
#[cold]
#[inline(never)]
fn rest<R>(
    here: Here,
    bounds: &Bounds,
    (result, verdict): (R, Verdict),
    attempt: &mut dyn Attempt<R>,
    (mut judge, kind): (Judge<R>, Kind<R>),
) -> R {
    Calls { value: Some(result), attempt, judge: &mut judge, kind }.rest(here, bounds, verdict)
}

/// The same for [`run_when`].
#[cold]
#[inline(never)]
fn slowly<R>(
    here: Here,
    bounds: &Bounds,
    first: Option<(R, Verdict)>,
    attempt: &mut dyn Attempt<R>,
    judge: &mut dyn FnMut(&R) -> Verdict,
    kind: Kind<R>,
) -> R {
    let (value, verdict) = first.unzip();
    let calls = Calls { value, attempt, judge, kind };
    match verdict {
        None => calls.all(here, bounds),
        Some(verdict) => calls.rest(here, bounds, verdict),
    }
}

impl<R> Calls<'_, R> {
    #[inline]
    fn all(mut self, here: Here, bounds: &Bounds) -> R {
        match begin(here, bounds, &mut self) {
            Some(verdict) => self.rest(here, bounds, verdict),
            None => self.into_value(),
        }
    }

    #[inline]
    fn rest(mut self, here: Here, bounds: &Bounds, verdict: Verdict) -> R {
        let owner = Owner::Function(here.site);
        let mut reached = (verdict, 1);
        if verdict == Verdict::Retry && quick::is_quick(owner, bounds) {
            match quick::attempts(here.site, bounds.attempts(owner.policy()), &mut self) {
                None => return self.into_value(),
                Some(later) => reached = later,
            }
        }
        go_on_at(owner, bounds, reached, &mut self);
        self.into_value()
    }

    /// Once it is over.
    #[inline]
    fn into_value(self) -> R {
        self.value.expect("a call ends with a value")
    }
}

/// The first attempt of a call that is counted here. *Output:* its verdict; or nothing if the call is inside of another
/// one's attempt, which takes the slow path from its start to its end.
#[inline(never)]
fn begin(here: Here, bounds: &Bounds, calls: &mut dyn Attempts) -> Option<Verdict> {
    let is_hidden = here.is_hidden(bounds);
    let owner = Owner::Function(here.site);
    if !is_hidden {
        return Some(calls.begin(owner));
    }
    let mut call = Failed::new(owner, bounds);
    call.tell_thread();
    go_on(owner, call, None, calls);
    None
}

/// A call whose last attempt had this verdict and this number.
#[inline(never)]
fn go_on_at(owner: Owner<'_>, bounds: &Bounds, (verdict, number): (Verdict, u32), calls: &mut dyn Attempts) {
    let mut call = Failed::new(owner, bounds);
    call.number = number;
    go_on(owner, call, Some(verdict), calls);
}

/// All attempts of a call of [`Retry`](super::Retry).
pub(super) fn repeat<R>(
    owner: Owner<'_>,
    call: Failed,
    mut attempt: impl FnMut() -> R,
    mut judge: impl FnMut(&R) -> Verdict,
    text: TextOf<R>,
) -> R {
    let kind = Kind { text, fault: never(Of::NEW) };
    let mut calls = Calls { value: None, attempt: &mut attempt, judge: &mut judge, kind };
    go_on(owner, call, None, &mut calls);
    calls.into_value()
}

/// The attempts of a sync call, starting with the first one that has not been made yet.
fn go_on(owner: Owner<'_>, mut call: Failed, first: Option<Verdict>, calls: &mut dyn Attempts) {
    let mut verdict = first.unwrap_or_else(|| calls.begin(owner));
    while !call.is_over(owner, verdict, calls.text()) {
        calls.forget();
        call.sleep(owner);
        verdict = calls.begin(owner);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::limits::Known;
    use super::super::site::Policy;
    use super::super::wait::Wait;
    use super::*;
    use crate::site::Place as At;

    /// It would be slow for ever: the slow path closes the fast one while an attempt runs.
    #[test]
    fn after_a_call_that_gave_up_on_the_slow_path_the_fast_path_is_open() {
        static SITE: RetrySite = RetrySite::new(Policy::new(2, Wait::fixed(Duration::ZERO)), At::new("", 1, 1, None));
        let attempts = std::cell::Cell::new(0);
        let attempt = || {
            attempts.set(attempts.get() + 1);
            None::<u32>
        };
        assert!(!count(&SITE), "the first call of a thread takes the slow path");
        run(
            || &SITE,
            Known,
            attempt,
            |of| {
                use super::super::{Classless as _, NoText as _};
                (of.judge(), Kind { text: of.text(), fault: of.fault() })
            },
        );
        assert_eq!((attempts.get(), count(&SITE)), (2, true));
    }
}
