//! `ExitStack` and `AsyncExitStack`.

use festoon::managers::closing;
use festoon::{AsyncExitStack, ExitStack, Verdict};

use super::{Does, Failure, Log, Slow, block_on, cancel_after, failure, is_send, panic_of, pause};

type Ended = Result<Option<()>, Failure>;

#[test]
fn all_that_was_entered_is_usable_together_and_exited_in_reverse() {
    let log = Log::default();
    let value = ExitStack::scope(|stack| {
        let (first, second) = (stack.enter(log.step("a"))?, stack.enter(log.step("b"))?);
        std::mem::swap(&mut first.0.name, &mut second.0.name);
        stack.callback(|| log.add("called"));
        let list = stack.push(closing(vec![1], |list: Vec<i32>| log.add(format!("{list:?}"))));
        list.push(2);
        Ok::<_, Failure>(list.len())
    });
    assert_eq!(value, Ok(Some(2)));
    assert_eq!(log.take(), ["+a", "+b", "[1, 2]", "called", "-a: success", "-b: success"]);
}

/// Case E: the outcome at each level after a swallow.
#[test]
fn each_exit_is_told_what_the_ones_before_it_made_of_the_error() {
    let log = Log::default();
    let told = |how: festoon::Outcome<'_, Failure>| log.add(how.name());
    let ended: Ended = ExitStack::scope(|stack| {
        stack.enter(log.step("outer"))?;
        stack.push_exit(|how| {
            told(how);
            Err(failure("exit"))
        });
        stack.enter(log.step("middle"))?;
        stack.push_exit(|how| {
            told(how);
            Ok(Verdict::Swallow)
        });
        stack.enter(log.step("inner"))?;
        Err(failure("body"))
    });
    assert_eq!(ended, Err(failure("exit")));
    let told = ["-inner: error", "error", "-middle: success", "success", "-outer: error"];
    assert_eq!(log.take()[3..], told);
}

#[test]
fn an_error_is_swallowed_replaced_or_kept() {
    let log = Log::default();
    let with = |does| -> Ended {
        ExitStack::scope(|stack| {
            stack.enter(log.that(does))?;
            Err(failure("body"))
        })
    };
    assert_eq!((with(Does::Swallow), with(Does::Replace)), (Ok(None), Err(failure("other"))));
    assert_eq!(with(Does::FailOnExit).unwrap_err().2, [failure("exit")]);
}

/// Cases A and E: nothing of it has been pushed.
#[test]
fn a_failing_entry_exits_what_was_entered_before_and_says_why() {
    let log = Log::default();
    let ended: Ended = ExitStack::scope(|stack| {
        stack.enter(log.step("b"))?;
        stack.enter(log.that(Does::RefuseEntry))?;
        unreachable!()
    });
    assert_eq!((ended, log.take()), (Err(failure("entry")), vec!["+b".to_owned(), "-b: error".to_owned()]));
}

/// Case G: a panic in one of several exits.
#[test]
fn a_panicking_exit_does_not_stop_the_others() {
    let log = Log::default();
    let run = |body: fn() -> Result<(), Failure>| {
        panic_of(|| {
            ExitStack::scope(|stack| {
                stack.enter(log.step("b"))?;
                stack.enter(log.that(Does::PanicOnExit))?;
                stack.callback(|| panic!("callback"));
                stack.enter(log.step("c"))?;
                body()
            })
        })
    };
    assert_eq!(run(|| Ok(())).as_deref(), Some("callback"));
    assert_eq!(log.take()[3..], ["-c: success", "-a: panic", "-b: panic"]);
    assert_eq!(run(|| panic!("body")).as_deref(), Some("body"));
    assert_eq!(log.take()[3..], ["-c: panic", "-a: panic", "-b: panic"]);
}

#[test]
fn a_dropped_stack_exits_told_dropped_or_panic() {
    let log = Log::default();
    let stack = ExitStack::<Failure>::new();
    stack.enter(log.step("a")).unwrap();
    drop(stack);
    let panic = panic_of(|| {
        let stack = ExitStack::<Failure>::new();
        stack.enter(log.that(Does::PanicOnExit)).unwrap();
        panic!("body")
    });
    assert_eq!(panic.as_deref(), Some("body"));
    assert_eq!(log.take(), ["+a", "-a: dropped", "+a", "-a: panic"]);
}

/// Case E: `pop_all`.
#[test]
fn pop_all_moves_the_exits_to_a_new_stack() {
    let log = Log::default();
    let mut stack = ExitStack::<Failure>::new();
    stack.enter(log.step("a")).unwrap();
    let mut moved = stack.pop_all();
    assert_eq!((stack.len(), moved.len()), (0, 1));
    drop(stack);
    assert_eq!(log.take(), ["+a"]);
    assert_eq!(moved.close(), Ok(()));
    assert_eq!(log.take(), ["-a: success"]);
    drop(moved);
    assert_eq!(log.take(), [""; 0]);
}

/// Case E: closed early, and not run twice.
#[test]
fn a_stack_that_was_closed_early_can_be_used_on() {
    let log = Log::default();
    let mut stack = ExitStack::<Failure>::new();
    stack.enter(log.that(Does::FailOnExit)).unwrap();
    assert_eq!(stack.close(), Err(failure("exit")));
    stack.enter(log.step("b")).unwrap();
    assert_eq!(stack.close(), Ok(()));
    assert_eq!(log.take(), ["+a", "-a: success", "+b", "-b: success"]);
}

/// Case E: empty.
#[test]
fn an_empty_stack_gives_what_its_body_gives() {
    assert_eq!(ExitStack::scope(|_| Ok::<_, ()>(1)), Ok(Some(1)));
    assert_eq!(ExitStack::scope(|_| Err::<(), _>(1)), Err(1));
}

/// Case E: 10,000 callbacks.
#[test]
fn ten_thousand_exits_need_no_recursion() {
    let count = std::cell::Cell::new(0);
    let ended = ExitStack::scope(|stack| {
        for _ in 0..10_000 {
            stack.push_exit(|_| {
                count.set(count.get() + 1);
                Err(count.get())
            });
        }
        Ok(())
    });
    assert_eq!((ended, count.get()), (Err(10_000), 10_000));
}

/// Case F: both kinds in one stack.
#[test]
fn sync_and_async_exits_stand_in_one_stack() {
    let log = Log::default();
    let scope = AsyncExitStack::scope(async |stack| {
        let first = stack.enter_async(Slow(log.step("a"))).await?;
        let second = stack.enter(log.step("b"))?;
        pause().await;
        stack.callback(|| log.add("called"));
        Ok::<_, Failure>((first.0.0.name, second.0.name))
    });
    assert_eq!(block_on(is_send(scope)), Ok(Some(("a", "b"))));
    assert_eq!(log.take(), ["+a", "+b", "called", "-b: success", "-", "-a: success"]);
}

#[test]
fn a_dropped_future_exits_what_stands_in_its_stack() {
    let log = Log::default();
    let scope = || {
        AsyncExitStack::scope(async |stack| {
            stack.enter(log.step("a"))?;
            stack.enter_async(Slow(log.step("b"))).await?;
            stack.enter(log.step("c"))?;
            pause().await;
            Ok::<_, Failure>(())
        })
    };
    cancel_after(0, scope());
    assert_eq!(log.take(), [""; 0]);
    cancel_after(1, scope());
    assert_eq!(log.take(), ["+a", "-a: cancelled"]);
    cancel_after(2, scope());
    assert_eq!(log.take(), ["+a", "+b", "+c", "-c: cancelled", "-b: cancelled", "-a: cancelled"]);
    cancel_after(3, scope());
    assert_eq!(log.take(), ["+a", "+b", "+c", "-c: success", "-", "-a: cancelled"]);
}

#[test]
fn async_exits_see_errors_and_panics_too() {
    let log = &Log::default();
    let run = |does, result: Result<(), Failure>| {
        block_on(AsyncExitStack::scope(async move |stack| {
            stack.enter_async(Slow(log.step("b"))).await?;
            stack.enter_async(Slow(log.that(does))).await?;
            result
        }))
    };
    assert_eq!(run(Does::Replace, Err(failure("body"))), Err(failure("other")));
    assert_eq!(run(Does::FailOnExit, Err(failure("body"))).unwrap_err().2, [failure("exit")]);
    log.take();
    assert_eq!(panic_of(|| run(Does::PanicOnExit, Ok(()))).as_deref(), Some("exit"));
    assert_eq!(log.take(), ["+b", "+a", "-", "-a: success", "-", "-b: panic"]);
}

/// Case F: closed with `.await`.
#[test]
fn an_async_stack_is_closed_or_moved() {
    let log = Log::default();
    let mut stack = AsyncExitStack::<Failure>::new();
    stack.push_async(super::SlowActive(super::Active(log.step("a"))));
    let mut moved = stack.pop_all();
    assert_eq!(block_on(stack.close()), Ok(()));
    assert_eq!(log.take(), [""; 0]);
    assert_eq!(block_on(moved.close()), Ok(()));
    assert_eq!((log.take(), moved.len()), (vec!["-".to_owned(), "-a: success".to_owned()], 0));
}
