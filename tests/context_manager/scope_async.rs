//! `scope_async`: of managers that await, and of guards that do not.

use festoon::{AsyncManager, Exit, Guard, OutcomeKind};

use super::{Does, Failure, Log, Slow, block_on, cancel_after, failure, is_send, panic_of, pause};

#[test]
fn the_exit_is_told_how_the_body_ended() {
    let log = Log::default();
    let slow = || Slow(log.step("a"));
    let numbers = [5];
    let body = async |_: &mut _| {
        pause().await;
        Ok::<_, Failure>(numbers[0])
    };
    assert_eq!(block_on(is_send(slow().scope_async(body))), Ok(5));
    assert_eq!(block_on(slow().scope_async(async |_| Err::<(), _>(failure("body")))), Err(failure("body")));
    let panics = async |_: &mut _| -> Result<(), Failure> {
        pause().await;
        panic!("body")
    };
    assert_eq!(panic_of(|| block_on(slow().scope_async(panics))).as_deref(), Some("body"));
    assert_eq!(log.take(), ["+a", "-", "-a: success", "+a", "-", "-a: error", "+a", "-", "-a: panic"]);
}

#[test]
fn a_dropped_future_calls_cancelled_while_its_body_runs_and_only_then() {
    let log = Log::default();
    let scope = || {
        Slow(log.step("a")).scope_async(async |_| {
            pause().await;
            Ok::<_, Failure>(())
        })
    };
    cancel_after(0, scope());
    cancel_after(1, scope());
    assert_eq!(log.take(), [""; 0], "not entered yet");
    cancel_after(2, scope());
    assert_eq!(log.take(), ["+a", "-a: cancelled"]);
    cancel_after(3, scope());
    assert_eq!(log.take(), ["+a", "-"], "its exit has begun, and does not begin again");
}

#[test]
fn entering_may_fail_and_so_may_the_exit() {
    let log = Log::default();
    let scope = |does, result| block_on(Slow(log.that(does)).scope_async(async move |_| result));
    assert_eq!(scope(Does::RefuseEntry, Ok(())), Err(failure("entry")));
    assert_eq!(scope(Does::FailOnExit, Ok(())), Err(failure("exit")));
    assert_eq!(scope(Does::FailOnExit, Err(failure("body"))).unwrap_err().2, [failure("exit")]);
    assert_eq!(scope(Does::Replace, Err(failure("body"))), Err(failure("other")));
    assert_eq!(panic_of(|| scope(Does::PanicOnExit, Ok(()))).as_deref(), Some("exit"));
}

#[test]
fn a_panic_of_the_exit_does_not_hide_the_one_of_the_body() {
    let log = Log::default();
    let body = async |_: &mut _| -> Result<(), Failure> { panic!("body") };
    let panic = panic_of(|| block_on(Slow(log.that(Does::PanicOnExit)).scope_async(body)));
    assert_eq!(panic.as_deref(), Some("body"));
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
fn a_derived_guard_is_told_when_its_future_is_dropped() {
    let log = Log::default();
    let scope = || {
        Plain(&log).scope_async(async |_| {
            pause().await;
            Err::<(), _>("wrong")
        })
    };
    cancel_after(0, scope());
    cancel_after(1, scope());
    assert_eq!(block_on(is_send(scope())), Err("wrong"));
    panic_of(|| block_on(Plain(&log).scope_async(async |_| -> Result<(), ()> { panic!("body") })));
    assert_eq!(log.take(), ["cancelled", "cancelled", "error", "panic"]);
}

#[test]
fn an_exit_that_is_not_send_has_a_scope_on_its_own_thread() {
    let told = std::rc::Rc::new(std::cell::Cell::new(None));
    let exit = festoon::managers::callback({
        let told = told.clone();
        move |how| told.set(Some(how))
    });
    assert_eq!(block_on(exit.scope_async(async |_| Ok::<_, ()>(1))), Ok(1));
    assert_eq!(told.get(), Some(OutcomeKind::Success));
}
