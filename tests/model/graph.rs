//! The graph of waiting calls: no call waits for ever, and none panics that would not have.

use std::task::{Wake, Waker};

use shuttle::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use shuttle::thread;

use crate::deadlock::{Circle, Node, Run, Waiting, enter};
use crate::sync::{Arc, Condvar, Mutex, lock};
use crate::{on_threads, orders};

/// A run, and whether it has ended.
#[derive(Default)]
struct Task {
    node: Node,
    is_over: Mutex<bool>,
    ends: Condvar,
}

impl Run for Task {
    fn node(&self) -> &Node {
        &self.node
    }
}

impl Task {
    fn wait(self: &Arc<Self>) -> Result<(), Circle> {
        let mut waiting = Waiting::new(Arc::clone(self) as _);
        // As a call does it: it looks, then it enters its wait, and then it looks again.
        while !*lock(&self.is_over) {
            waiting.poll(None)?;
            let is_over = lock(&self.is_over);
            if !*is_over {
                drop(self.ends.wait(is_over).unwrap());
            }
        }
        Ok(())
    }

    fn end(&self) {
        *lock(&self.is_over) = true;
        self.ends.notify_all();
    }
}

/// Each task runs on a thread of its own, and waits for these others, one after the other. How many are told?
fn told(waits: &'static [&'static [usize]], expected: u32) {
    orders(1_000, move || {
        let tasks: Arc<Vec<Arc<Task>>> = Arc::new(waits.iter().map(|_| Arc::default()).collect());
        let told = Arc::new(AtomicU32::new(0));
        on_threads((0..waits.len()).map(|own| {
            let (tasks, told) = (Arc::clone(&tasks), Arc::clone(&told));
            move || {
                let inside = enter(Arc::clone(&tasks[own]) as _, None);
                if waits[own].iter().any(|other| tasks[*other].wait().is_err()) {
                    told.fetch_add(1, SeqCst);
                }
                drop(inside);
                tasks[own].end();
            }
        }));
        assert_eq!(told.load(SeqCst), expected);
    });
}

#[test]
fn one_of_a_circle_is_told() {
    told(&[&[1], &[0]], 1);
    told(&[&[1], &[2], &[0]], 1);
}

#[test]
fn and_nobody_where_there_is_none() {
    told(&[&[1, 2], &[3], &[3, 1], &[]], 0);
}

/// The outer run waits for what the inner one waits for.
#[test]
fn a_run_waits_for_those_inside_of_it() {
    orders(1_000, || {
        let [outer, inner, other] = [(); 3].map(|()| Arc::new(Task::default()));
        let first = {
            let (outer, inner, other) = (Arc::clone(&outer), Arc::clone(&inner), Arc::clone(&other));
            thread::spawn(move || {
                let _outer = enter(Arc::clone(&outer) as _, None);
                let _inner = enter(Arc::clone(&inner) as _, None);
                let told = other.wait().is_err();
                inner.end();
                outer.end();
                told
            })
        };
        let inside = enter(Arc::clone(&other) as _, None);
        let told = outer.wait().is_err();
        drop(inside);
        other.end();
        assert!(first.join().unwrap() != told);
    });
}

/// Of a task of its own.
struct Nobody;

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

/// What becomes of a wait that has been looked at once.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Dropped,
    /// It is not polled with its run's next poll.
    Kept,
    PolledAgain,
}

/// A future that has looked at a wait, and the other one, which from then on waits for that future.
fn looks_once(then: Then) {
    orders(1_000, move || {
        let [own, other] = [(); 2].map(|()| Arc::new(Task::default()));
        let (goes_on, told) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let blocked = {
            let (own, other) = (Arc::clone(&own), Arc::clone(&other));
            let (goes_on, told) = (Arc::clone(&goes_on), Arc::clone(&told));
            thread::spawn(move || {
                let inside = enter(Arc::clone(&other) as _, None);
                until(|| goes_on.load(SeqCst));
                told.fetch_add(u32::from(own.wait().is_err()), SeqCst);
                drop(inside);
                other.end();
            })
        };
        let waker = Waker::from(Arc::new(Nobody));
        let mut inside = enter(Arc::clone(&own) as _, Some(&waker));
        let mut first = Waiting::new(Arc::clone(&other) as _);
        first.poll(Some(&waker)).unwrap();
        let mut waiting = Some(first);
        if then == Then::Dropped {
            waiting = None;
        } else {
            drop(inside);
            inside = enter(Arc::clone(&own) as _, Some(&waker));
        }
        goes_on.store(true, SeqCst);
        if let (Then::PolledAgain, Some(waiting)) = (then, &mut waiting) {
            told.fetch_add(u32::from(waiting.poll(Some(&waker)).is_err()), SeqCst);
            // By whoever comes second; nobody else ends this.
            until(|| told.load(SeqCst) > 0);
        }
        drop(inside);
        own.end();
        blocked.join().unwrap();
        drop(waiting);
        assert_eq!(told.load(SeqCst), u32::from(then == Then::PolledAgain));
    });
}

fn until(done: impl Fn() -> bool) {
    while !done() {
        thread::yield_now();
    }
}

#[test]
fn a_wait_that_has_been_given_up_is_none() {
    looks_once(Then::Dropped);
}

#[test]
fn nor_is_one_that_is_not_polled_any_more() {
    looks_once(Then::Kept);
}

#[test]
fn one_that_is_polled_again_is_one_again() {
    looks_once(Then::PolledAgain);
}
