//! The queue of a bulkhead: the limit is never exceeded, and no waiter is lost, in any order of events.

use std::task::{Wake, Waker};

use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread::{self, Thread};

use super::queue::{Joined, Queue};
use crate::sync::Arc;
use crate::{on_threads, orders};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// How patient somebody is who waits.
#[derive(Clone, Copy, PartialEq)]
enum Patience {
    Endless,
    /// Goes after a look.
    OneLook,
}

use Patience::{Endless, OneLook};

/// A bulkhead, and what is seen of it.
struct Room {
    queue: Queue,
    inside: AtomicU32,
    most: AtomicU32,
}

impl Room {
    fn new(limit: u32) -> Arc<Self> {
        Arc::new(Room { queue: Queue::new(limit), inside: AtomicU32::new(0), most: AtomicU32::new(0) })
    }

    /// Comes, and goes again. Was it inside?
    fn visit(&self, patience: Patience) -> bool {
        if !self.queue.enter() && !self.wait(patience) {
            return false;
        }
        let inside = self.inside.fetch_add(1, SeqCst) + 1;
        self.most.fetch_max(inside, SeqCst);
        thread::yield_now();
        self.inside.fetch_sub(1, SeqCst);
        self.queue.leave();
        true
    }

    fn wait(&self, patience: Patience) -> bool {
        let waiter = match self.queue.join(9) {
            Joined::Inside => return true,
            Joined::Full => unreachable!("nine may wait"),
            Joined::Waits(waiter) => waiter,
        };
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        while !waiter.is_inside(&waker) {
            if patience == OneLook {
                self.queue.give_up(&waiter);
                return false;
            }
            thread::park();
        }
        true
    }
}

/// Everybody comes to an end (a deadlock fails the test), the patient ones were inside, and nobody is left.
fn check(limit: u32, visits: &'static [Patience], beside: fn(&Room), most: u32) {
    orders(3_000, move || {
        let room = Room::new(limit);
        let visitors = visits.iter().map(|patience| {
            let room = Arc::clone(&room);
            move || room.visit(*patience) || *patience == OneLook
        });
        let other = Arc::clone(&room);
        let beside = thread::spawn(move || beside(&other));
        assert!(on_threads(visitors).into_iter().all(|was_inside| was_inside));
        beside.join().unwrap();
        assert_eq!((room.queue.inside(), room.queue.waiting()), (0, 0));
        assert!(room.most.load(SeqCst) <= most);
    });
}

#[test]
fn no_more_are_inside_than_may_be() {
    check(1, &[Endless; 3], |_| (), 1);
    check(2, &[Endless; 4], |_| (), 2);
}

#[test]
fn whoever_waits_may_go_at_any_time() {
    check(1, &[Endless, OneLook, Endless, OneLook], |_| (), 1);
}

#[test]
fn a_limit_may_grow_and_shrink_meanwhile() {
    check(1, &[Endless, Endless, OneLook], |room| room.queue.set_limit(2), 2);
    check(2, &[Endless, Endless, Endless], |room| room.queue.set_limit(1), 2);
}
