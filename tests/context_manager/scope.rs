//! `scope`: of managers, of exits and of derived guards.

use std::cell::Cell;

use festoon::managers::{callback, closing, nullcontext, suppress};
use festoon::{Exit, Guard, Manager, Outcome, OutcomeKind};

use super::{Does, Failure, Log, failure, panic_of};

#[test]
fn the_exit_is_told_how_the_body_ended() {
    let log = Log::default();
    assert_eq!(log.step("a").scope_opt(|_| Ok(3)), Ok(Some(3)));
    assert_eq!(log.step("a").scope_opt(|_| Err::<(), _>(failure("body"))), Err(failure("body")));
    let panic = panic_of(|| log.step("a").scope_opt(|_| -> Result<(), Failure> { panic!("body") }));
    assert_eq!(panic.as_deref(), Some("body"));
    assert_eq!(log.take(), ["+a", "-a: success", "+a", "-a: error", "+a", "-a: panic"]);
}

/// Case A: nothing that could not be entered is exited.
#[test]
fn what_was_not_entered_is_not_exited() {
    let log = Log::default();
    let refused = log.that(Does::RefuseEntry).scope_opt(|_| -> Result<(), Failure> { unreachable!() });
    assert_eq!(refused, Err(failure("entry")));
    let panic = panic_of(|| log.that(Does::PanicOnEntry).scope_opt(|_| Ok::<_, Failure>(())));
    assert_eq!(panic.as_deref(), Some("entry"));
    assert_eq!(log.take(), [""; 0]);
}

#[test]
fn the_error_of_the_body_wins_and_keeps_the_one_of_the_exit() {
    let log = Log::default();
    let both = log.that(Does::FailOnExit).scope_opt(|_| Err::<(), _>(failure("body"))).unwrap_err();
    assert_eq!((both.0, both.2[0].0), ("body", "exit"));
    assert_eq!(log.that(Does::FailOnExit).scope_opt(|_| Ok(1)), Err(failure("exit")));
}

#[test]
fn an_exit_replaces_the_error_or_swallows_it() {
    let log = Log::default();
    assert_eq!(log.that(Does::Replace).scope_opt(|_| Err::<(), _>(failure("body"))), Err(failure("other")));
    assert_eq!(log.that(Does::Replace).scope_opt(|_| Ok(1)), Err(failure("other")));
    assert_eq!(log.that(Does::Swallow).scope_opt(|_| Err::<(), _>(failure("body"))), Ok(None));
    assert_eq!(log.that(Does::Swallow).scope_opt(|_| Ok(1)), Ok(Some(1)));
}

/// Case A: a body without a value needs a `scope_opt`; `ui/with/not_a_manager.rs` is refused with the name of the protocol.
#[test]
fn an_exit_that_may_not_swallow_passes_the_error_on() {
    struct Sly;
    impl Exit<Failure> for Sly {
        fn exit(self, _: Outcome<'_, Failure>) -> Result<festoon::Verdict<Failure>, Failure> {
            Ok(festoon::Verdict::Swallow)
        }
    }
    assert_eq!(Sly.scope(|_| Err::<(), _>(failure("body"))), Err(failure("body")));
}

/// Case G: a panic in the body, in the exit, in both.
#[test]
fn a_panic_of_the_exit_never_aborts_and_never_hides_the_one_of_the_body() {
    let log = Log::default();
    let exit = panic_of(|| log.that(Does::PanicOnExit).scope_opt(|_| Ok::<_, Failure>(())));
    let both = panic_of(|| log.that(Does::PanicOnExit).scope_opt(|_| -> Result<(), Failure> { panic!("body") }));
    assert_eq!((exit.as_deref(), both.as_deref()), (Some("exit"), Some("body")));
    assert_eq!(log.take(), ["+a", "-a: success", "+a", "-a: panic"]);
}

#[test]
fn a_panic_of_the_exit_in_a_drop_is_contained_while_the_thread_unwinds() {
    let log = Log::default();
    let body = panic_of(|| {
        let _guard = Guard::<_, Failure>::enter(log.that(Does::PanicOnExit));
        panic!("body")
    });
    let exit = panic_of(|| drop(Guard::<_, Failure>::enter(log.that(Does::PanicOnExit))));
    assert_eq!((body.as_deref(), exit.as_deref()), (Some("body"), Some("exit")));
    assert_eq!(log.take(), ["+a", "-a: panic", "+a", "-a: dropped"]);
}

#[test]
fn a_guard_exits_once_unless_it_is_defused() {
    let log = Log::default();
    let guard = || Guard::<_, Failure>::enter(log.step("a")).unwrap();
    drop(guard());
    guard().finish(Outcome::Cancelled).unwrap();
    assert_eq!(guard().0.name, "a");
    assert_eq!(log.take(), ["+a", "-a: dropped", "+a", "-a: cancelled", "+a", "-a: dropped"]);
    drop(guard().defuse());
    assert_eq!(log.take(), ["+a"]);
}

/// Case G: made while the thread unwinds.
#[test]
fn a_guard_made_in_a_destructor_does_not_claim_the_panic_around_it() {
    struct Late<'a>(&'a Log);
    impl Drop for Late<'_> {
        fn drop(&mut self) {
            drop(Guard::<_, Failure>::enter(self.0.step("a")));
        }
    }
    let log = Log::default();
    panic_of(|| {
        let _late = Late(&log);
        panic!("body")
    });
    assert_eq!(log.take(), ["+a", "-a: dropped"]);
}

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Plain<'a>(&'a Log);

impl Plain<'_> {
    fn end(&mut self, how: OutcomeKind) {
        self.0.add(how.name());
    }
}

#[test]
fn a_derived_guard_has_a_scope_for_any_error() {
    let log = Log::default();
    assert_eq!(Plain(&log).scope(|_| Ok::<_, u8>(1)), Ok(1));
    assert_eq!(Plain(&log).scope(|guard| Err::<(), _>(guard.0.take().len())), Err(1));
    panic_of(|| Plain(&log).scope(|_| -> Result<(), String> { panic!("body") }));
    assert_eq!(log.take(), ["error", "panic"]);
}

#[derive(Guard)]
#[guard(exit = Self::end, error = String)]
struct Amending<'a, T: Copy>(&'a Cell<usize>, Option<T>);

impl<T: Copy> Amending<'_, T> {
    fn end(&mut self, how: Outcome<'_, String>) -> Result<(), String> {
        self.0.set(self.0.get() + 1);
        match how {
            Outcome::Error(error) => error.push('!'),
            Outcome::Panic(Some(payload)) => *payload.downcast_mut::<&str>().unwrap() = "amended",
            Outcome::Success if self.1.is_none() => return Err("empty".to_owned()),
            _ => {}
        }
        Ok(())
    }
}

#[test]
fn a_derived_guard_with_an_error_may_change_what_its_scope_gives() {
    let exits = Cell::new(0);
    let guard = |value| Amending(&exits, value);
    let question = |_: &mut Amending<u8>| -> Result<i32, String> {
        Err("wrong")?;
        Ok(1)
    };
    assert_eq!(guard(Some(1)).scope(question), Err("wrong!".to_owned()));
    assert_eq!(guard(Some(1)).scope(|_| Ok(1)), Ok(1));
    assert_eq!(guard(None).scope(|_| Ok(1)), Err("empty".to_owned()));
    assert_eq!(panic_of(|| guard(None).scope(|_| -> Result<(), _> { panic!("body") })).as_deref(), Some("amended"));
    assert_eq!(exits.get(), 4);
}

/// Case C: `suppress`.
#[test]
fn suppress_ends_the_errors_that_it_is_told_to() {
    let even = |number: &u32| number.is_multiple_of(2);
    let entered = |result| suppress(even).scope_opt(|_| result);
    assert_eq!((entered(Ok(1)), entered(Err(4)), entered(Err(3))), (Ok(Some(1)), Ok(None), Err(3)));
    let nested: Result<_, u32> = suppress(even).scope_opt(|_| suppress(even).scope_opt(|_| Err::<(), _>(4)));
    assert_eq!(nested, Ok(Some(None)));
}

/// Case C: `closing`.
#[test]
fn closing_closes_after_success_and_after_an_error() {
    let closed = Cell::new(0);
    let close = |value: u32| closed.set(closed.get() + value);
    assert_eq!(closing(1, close).scope(|one| Ok::<_, ()>(**one)), Ok(1));
    assert_eq!(closing(10, close).scope(|ten| Err::<(), _>(**ten)), Err(10));
    assert_eq!(closed.get(), 11);
}

/// Case C: `nullcontext`.
#[test]
fn nullcontext_gives_its_value() {
    assert_eq!(nullcontext("a").scope(|value| Ok::<_, ()>(value.len())), Ok(1));
}

#[test]
fn a_callback_is_told_the_kind() {
    let mut told = Vec::new();
    callback(|how| told.push(how)).scope(|_| Ok::<_, ()>(())).unwrap();
    callback(|how| told.push(how)).scope(|_| Err::<(), _>(1)).unwrap_err();
    assert_eq!(told, [OutcomeKind::Success, OutcomeKind::Error]);
}
