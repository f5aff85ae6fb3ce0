//! `timing::in_flight()`: the calls that are running.

use std::future::pending;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use festoon::timing::InFlight;

use super::*;

/// The switch is one for the process.
pub(super) struct Tracked(#[allow(dead_code, reason = "compiling is the test")] MutexGuard<'static, ()>);

pub(super) fn tracked() -> Tracked {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let lock = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    timing::track_in_flight(true);
    Tracked(lock)
}

impl Drop for Tracked {
    fn drop(&mut self) {
        timing::track_in_flight(false);
    }
}

/// Those of this test.
fn running(part_of_the_name: &str) -> Vec<InFlight> {
    timing::in_flight().into_iter().filter(|call| call.name.contains(part_of_the_name)).collect()
}

fn this_thread() -> Option<String> {
    std::thread::current().name().map(ToOwned::to_owned)
}

#[test]
fn sync_calls_are_listed_with_their_age_the_oldest_first() {
    let (_tracked, clock) = (tracked(), testing::clock());
    #[timed(name = "listed.outer")]
    fn outer(clock: &Handle) {
        takes(clock, 30);
        inner(clock, 2);
        assert_eq!(running("listed.").len(), 1);
    }
    #[timed(name = "listed.inner")]
    fn inner(clock: &Handle, levels: u32) {
        takes(clock, 5);
        if levels > 1 {
            return inner(clock, levels - 1);
        }
        let calls = running("listed.");
        let names: Vec<&str> = calls.iter().map(|call| &*call.name).collect();
        assert_eq!(names, ["listed.outer", "listed.inner", "listed.inner"]);
        for (call, millis) in calls.iter().zip([40, 10, 5]) {
            assert_about(call.age, MS * millis);
            assert_eq!((call.is_async, &call.thread), (false, &this_thread()));
        }
    }
    outer(&clock);
    assert_eq!(running("listed."), []);
}

#[test]
fn calls_that_fail_or_panic_are_taken_out() {
    let _tracked = tracked();
    #[timed(name = "taken_out")]
    fn work(panics: bool) -> Result<(), ()> {
        assert_eq!(running("taken_out").len(), 1);
        assert!(!panics, "as asked");
        Err(())
    }
    assert!(work(false).is_err() && catch_unwind(|| work(true)).is_err());
    assert_eq!(running("taken_out"), []);
}

#[test]
fn an_async_call_has_a_thread_while_it_is_polled() {
    let (_tracked, clock) = (tracked(), testing::clock());
    #[timed(name = "polled")]
    async fn work() {
        assert_eq!(running("polled")[0].thread, this_thread());
        a_turn().await;
        assert_eq!(running("polled")[0].thread, this_thread());
        pending::<()>().await;
    }
    {
        let mut future = pin!(work());
        for _ in 0..2 {
            assert!(poll_once(future.as_mut()).is_pending());
            takes(&clock, 8);
        }
        let calls = running("polled");
        assert_eq!((calls.len(), calls[0].is_async, &calls[0].thread), (1, true, &None));
        assert_about(calls[0].age, 16 * MS);
    }
    assert_eq!(running("polled"), []);
}

#[test]
fn calls_of_other_threads_are_listed() {
    let _tracked = tracked();
    #[timed(name = "elsewhere")]
    fn work(began: &mpsc::Sender<()>, end: &mpsc::Receiver<()>) {
        began.send(()).unwrap();
        end.recv().unwrap();
    }
    let ((began, wait), (end, ends)) = (mpsc::channel(), mpsc::channel());
    let worker = std::thread::Builder::new().name("worker".into()).spawn(move || work(&began, &ends)).unwrap();
    wait.recv().unwrap();
    let calls = running("elsewhere");
    assert_eq!((calls.len(), calls[0].thread.as_deref()), (1, Some("worker")));
    end.send(()).unwrap();
    worker.join().unwrap();
    assert_eq!(running("elsewhere"), []);
}

#[test]
fn what_was_running_before_is_listed_when_it_is_polled_again() {
    let clock = testing::clock();
    #[timed(name = "before.async")]
    async fn later() {
        a_turn().await;
        a_turn().await;
    }
    #[timed(name = "before.sync")]
    fn work(clock: &Handle) {
        let mut future = pin!(later());
        assert!(poll_once(future.as_mut()).is_pending());
        takes(clock, 3);
        let tracked = tracked();
        assert_eq!(running("before."), []);
        assert!(poll_once(future.as_mut()).is_pending());
        assert_eq!(running("before.").len(), 1);
        assert_about(running("before.")[0].age, 3 * MS);
        drop(tracked);
        assert_eq!(running("before."), []);
        assert!(poll_once(future.as_mut()).is_ready());
    }
    work(&clock);
}
