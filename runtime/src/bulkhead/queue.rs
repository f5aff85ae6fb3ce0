//! Running and waiting calls: a semaphore whose waiters are served in order of arrival, and may leave at any time.
//!
//! One word counts both. While no call waits, entering and leaving change only that word. The number of waiters changes
//! only under the lock of the list, so that a call that leaves and sees no waiter has not missed one.

use std::collections::VecDeque;
use std::task::Waker;

use crate::sync::{Arc, AtomicU32, AtomicU64, Mutex, Ordering, lock};
use Ordering::{AcqRel, Acquire, Relaxed};

/// The queue of one bulkhead.
#[derive(Debug)]
pub(crate) struct Queue {
    /// The numbers of running and of waiting calls: 32 bits each.
    word: AtomicU64,
    limit: AtomicU32,
    waiters: Mutex<VecDeque<Arc<Waiter>>>,
}

/// A waiting call.
#[derive(Debug)]
pub(crate) struct Waiter(Mutex<State>);

#[derive(Debug)]
enum State {
    Waiting(Option<Waker>),
    /// The call has entered, but may not know it yet.
    Inside,
}

/// The result of joining.
#[derive(Debug)]
pub(crate) enum Joined {
    Inside,
    Waits(Arc<Waiter>),
    /// The queue is full.
    Full,
}

const WAITING: u64 = 1;
const INSIDE: u64 = 1 << 32;

#[inline]
fn inside(word: u64) -> u64 {
    word >> 32
}

#[inline]
fn waiting(word: u64) -> u64 {
    word & (INSIDE - 1)
}

impl Queue {
    pub(crate) const fn new(limit: u32) -> Self {
        Queue { word: AtomicU64::new(0), limit: AtomicU32::new(limit), waiters: Mutex::new(VecDeque::new()) }
    }

    pub(crate) fn inside(&self) -> u64 {
        inside(self.word.load(Relaxed))
    }

    pub(crate) fn waiting(&self) -> u64 {
        waiting(self.word.load(Relaxed))
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit.load(Relaxed)
    }

    /// Enters, if there is room and no call waits.
    #[inline]
    pub(crate) fn enter(&self) -> bool {
        self.change(|word| {
            let has_room = waiting(word) == 0 && inside(word) < u64::from(self.limit());
            has_room.then_some(word + INSIDE)
        })
    }

    /// Enters, or queues if at most this many calls wait.
    pub(crate) fn join(&self, most: u32) -> Joined {
        let mut waiters = lock(&self.waiters);
        if self.enter() {
            return Joined::Inside;
        }
        if waiters.len() as u64 >= u64::from(most) {
            return Joined::Full;
        }
        // A call may have left in the meantime, and seen no waiter.
        if !self.change(|word| (inside(word) >= u64::from(self.limit()) || waiting(word) > 0).then_some(word + WAITING))
        {
            drop(waiters);
            return self.join(most);
        }
        let waiter = Arc::new(Waiter(Mutex::new(State::Waiting(None))));
        waiters.push_back(Arc::clone(&waiter));
        Joined::Waits(waiter)
    }

    /// Leaves, and lets the next call in.
    #[inline]
    pub(crate) fn leave(&self) {
        let alone = |word| (waiting(word) == 0 || inside(word) > u64::from(self.limit())).then(|| word - INSIDE);
        if !self.change(alone) {
            self.hand_over();
        }
    }

    #[cold]
    fn hand_over(&self) {
        let mut waiters = lock(&self.waiters);
        let next = waiters.pop_front();
        match next {
            Some(_) => self.word.fetch_sub(WAITING, AcqRel),
            None => self.word.fetch_sub(INSIDE, AcqRel),
        };
        drop(waiters);
        if let Some(waiter) = next {
            waiter.let_in();
        }
    }

    /// A waiter leaves the queue; one that has already been let in leaves the bulkhead.
    pub(crate) fn give_up(&self, waiter: &Arc<Waiter>) {
        let mut waiters = lock(&self.waiters);
        if let Some(at) = waiters.iter().position(|other| Arc::ptr_eq(other, waiter)) {
            waiters.remove(at);
            self.word.fetch_sub(WAITING, AcqRel);
            return;
        }
        drop(waiters);
        self.leave();
    }

    /// Sets how many calls may run. Running calls are not affected.
    pub(crate) fn set_limit(&self, limit: u32) {
        self.limit.store(limit, Relaxed);
        loop {
            let mut waiters = lock(&self.waiters);
            let has_room =
                |word| (waiting(word) > 0 && inside(word) < u64::from(limit)).then(|| word + INSIDE - WAITING);
            if !self.change(has_room) {
                return;
            }
            let next = waiters.pop_front();
            drop(waiters);
            if let Some(waiter) = next {
                waiter.let_in();
            }
        }
    }

    /// Updates the word, if there is a new value.
    #[inline]
    fn change(&self, to: impl Fn(u64) -> Option<u64>) -> bool {
        let mut word = self.word.load(Acquire);
        while let Some(next) = to(word) {
            match self.word.compare_exchange_weak(word, next, AcqRel, Acquire) {
                Ok(_) => return true,
                Err(other) => word = other,
            }
        }
        false
    }
}

impl Waiter {
    /// Has it entered? If not, `waker` is woken when it does.
    pub(crate) fn is_inside(&self, waker: &Waker) -> bool {
        match &mut *lock(&self.0) {
            State::Inside => true,
            State::Waiting(Some(known)) if known.will_wake(waker) => false,
            State::Waiting(known) => {
                *known = Some(waker.clone());
                false
            }
        }
    }

    fn let_in(&self) {
        let before = std::mem::replace(&mut *lock(&self.0), State::Inside);
        if let State::Waiting(Some(waker)) = before {
            waker.wake();
        }
    }
}
