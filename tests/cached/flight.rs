//! Single flight: one run per missing key, for any number of callers, and whatever happens to the leader.

mod tasks;

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use festoon::{Decorated, cached};
use futures::future::{join, join_all};

use super::{Runs, panics};

/// Waits for other threads.
fn soon(mut done: impl FnMut() -> bool) {
    while !done() {
        thread::yield_now();
    }
}

/// A gate that bodies wait at.
struct Gate(AtomicBool);

impl Gate {
    const fn new() -> Self {
        Gate(AtomicBool::new(false))
    }

    fn open(&self) {
        self.0.store(true, SeqCst);
    }

    fn pass(&self) {
        soon(|| self.0.load(SeqCst));
    }
}

#[test]
fn sixty_four_callers_run_the_body_once() {
    static RUNS: Runs = Runs::new();
    static GATE: Gate = Gate::new();
    #[cached]
    fn slow(n: u32) -> u32 {
        RUNS.one();
        GATE.pass();
        n * 2
    }

    let asking = AtomicU32::new(0);
    thread::scope(|scope| {
        let calls: Vec<_> = (0..64)
            .map(|_| {
                scope.spawn(|| {
                    asking.fetch_add(1, SeqCst);
                    slow(21)
                })
            })
            .collect();
        soon(|| asking.load(SeqCst) == 64 && slow.cache().info().in_flight == 1);
        GATE.open();
        assert!(calls.into_iter().all(|call| call.join().unwrap() == 42));
    });
    let info = slow.cache().info();
    assert_eq!((RUNS.count(), info.misses, info.hits, info.in_flight), (1, 1, 63, 0));
}

#[test]
fn each_thread_has_its_key() {
    #[cached]
    fn own(thread: u32, step: u32) -> u32 {
        thread + 100 * step
    }

    let start = Barrier::new(5);
    thread::scope(|scope| {
        for at in 0..5 {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                (0..100).for_each(|step| assert_eq!(own(at, step % 10), at + 100 * (step % 10)));
            });
        }
    });
    assert_eq!((own.cache().info().misses, own.cache().info().hits), (50, 450));
}

#[test]
fn different_keys_do_not_wait_for_each_other() {
    static MEET: Barrier = Barrier::new(2);
    #[cached]
    fn meets(n: u32) -> u32 {
        MEET.wait();
        n
    }

    // Both bodies have to be inside at the same time, or the barrier never opens.
    let other = thread::spawn(|| meets(1));
    assert_eq!((meets(2), other.join().unwrap()), (2, 1));
}

#[test]
fn after_a_panic_one_waiter_takes_over() {
    static RUNS: Runs = Runs::new();
    static GATE: Gate = Gate::new();
    #[cached]
    fn second_time(n: u32) -> u32 {
        if RUNS.one() == 1 {
            GATE.pass();
            panic!("first time");
        }
        n
    }

    let leader = thread::spawn(|| second_time(7));
    soon(|| second_time.cache().info().in_flight == 1);
    let followers: Vec<_> = (0..4).map(|_| thread::spawn(|| second_time(7))).collect();
    GATE.open();
    assert!(leader.join().is_err());
    assert!(followers.into_iter().all(|call| call.join().unwrap() == 7));
    assert_eq!((RUNS.count(), second_time.cache().info().in_flight), (2, 0));
}

#[test]
fn an_error_is_the_leaders_own_and_the_others_try_themselves() {
    static RUNS: Runs = Runs::new();
    static GATE: Gate = Gate::new();
    #[cached]
    fn third_time(n: u32) -> Result<u32, u32> {
        let run = RUNS.one();
        GATE.pass();
        if run < 3 { Err(run) } else { Ok(n) }
    }

    let calls: Vec<_> = (0..6).map(|_| thread::spawn(|| third_time(7))).collect();
    GATE.open();
    let mut results: Vec<_> = calls.into_iter().map(|call| call.join().unwrap()).collect();
    results.sort_unstable();
    assert_eq!(results, [Ok(7), Ok(7), Ok(7), Ok(7), Err(1), Err(2)]);
    assert_eq!(RUNS.count(), 3);
}

#[test]
fn clearing_does_not_bring_back_what_was_under_way() {
    static RUNS: Runs = Runs::new();
    static GATE: Gate = Gate::new();
    #[cached]
    fn version(_n: u32) -> u32 {
        let run = RUNS.one();
        if run == 1 {
            GATE.pass();
        }
        run
    }

    let early = thread::spawn(|| version(1));
    soon(|| version.cache().info().in_flight == 1);
    let waits = thread::spawn(|| version(1));
    version.cache().clear();
    // The other one may come before the clearing, after it, or in its middle, where its own run is cleared again.
    let new = version(1);
    assert!(new > 1, "a new call does not wait for the old run");
    GATE.open();
    assert_eq!(early.join().unwrap(), 1);
    assert!(waits.join().unwrap() <= new);
    assert_eq!(version.cache().peek((1,)), Some(new), "the old run is not kept");
}

#[test]
fn clearing_and_filling_at_once() {
    #[cached(max = 16)]
    fn cube(n: u64) -> u64 {
        n * n * n
    }

    thread::scope(|scope| {
        for seed in 0..4 {
            scope.spawn(move || (0..2000).for_each(|n| assert_eq!(cube((n + seed) % 40), ((n + seed) % 40).pow(3))));
        }
        scope.spawn(|| (0..200).for_each(|_| cube.cache().clear()));
        scope.spawn(|| (0..2000).for_each(|n| _ = cube.cache().invalidate((n % 40,))));
    });
    let info = cube.cache().info();
    assert!(info.len <= 16 && info.in_flight == 0, "{info:?}");
}

#[test]
fn a_call_that_waits_for_itself_is_told() {
    #[cached]
    fn circle(n: u32) -> u32 {
        circle(n) + 1
    }

    let said = panics(|| circle(3));
    assert!(said.contains("circle") && said.contains("(3,)"), "{said}");
    assert_eq!(circle.cache().info().in_flight, 0);
}

#[test]
fn two_functions_that_wait_for_each_other_are_told() {
    #[cached]
    fn there(n: u32) -> u32 {
        back(n)
    }
    #[cached]
    fn back(n: u32) -> u32 {
        there(n)
    }

    assert!(panics(|| there(1)).contains("there"));
}

#[test]
fn two_threads_that_wait_for_each_other_are_told() {
    static MEET: Barrier = Barrier::new(2);
    static FIRST: AtomicBool = AtomicBool::new(true);
    #[cached]
    fn crossing(n: u32, other: u32) -> u32 {
        if FIRST.load(SeqCst) {
            MEET.wait();
            FIRST.store(false, SeqCst);
        }
        crossing(other, n) + 1
    }

    let calls = [thread::spawn(|| crossing(1, 2)), thread::spawn(|| crossing(2, 1))];
    assert!(calls.map(thread::JoinHandle::join).iter().all(Result::is_err));
    assert_eq!(crossing.cache().info().in_flight, 0);
}

#[test]
fn what_is_no_debug_is_not_shown() {
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Secret(u32);
    #[cached]
    fn circle(secret: Secret) -> u32 {
        circle(secret) + 1
    }

    assert!(panics(|| circle(Secret(3))).contains("not `Debug`"));
}
