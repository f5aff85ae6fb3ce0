//! Who is inside, and who waits: a semaphore whose waiters come in the order of their arrival, of which any may go again.
//!
//! One word counts both. As long as nobody waits, coming and going change that word alone. The number of those who wait changes
//! under the lock of the list only, so that whoever goes and sees none has missed none.

use std::collections::VecDeque;
use std::task::Waker;

use crate::sync::{Arc, AtomicU32, AtomicU64, Mutex, Ordering, lock};
use Ordering::{AcqRel, Acquire, Relaxed};

/// The queue of one bulkhead.
#[derive(Debug)]
pub(crate) struct Queue {
    /// How many are inside and how many wait: 32 bits each.
    word: AtomicU64,
    limit: AtomicU32,
    waiters: Mutex<VecDeque<Arc<Waiter>>>,
}

/// One who waits.
#[derive(Debug)]
pub(crate) struct Waiter(Mutex<State>);

#[derive(Debug)]
enum State {
    Waiting(Option<Waker>),
    /// It is inside, and may not know it yet.
    Inside,
}

/// What becomes of one who comes.
#[derive(Debug)]
pub(crate) enum Joined {
    Inside,
    Waits(Arc<Waiter>),
    /// As many wait as may.
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

    /// Goes in, if there is room and nobody waits.
    #[inline]
    pub(crate) fn enter(&self) -> bool {
        self.change(|word| {
            let has_room = waiting(word) == 0 && inside(word) < u64::from(self.limit());
            has_room.then_some(word + INSIDE)
        })
    }

    /// Goes in, or waits behind the others if no more than so many wait.
    pub(crate) fn join(&self, most: u32) -> Joined {
        let mut waiters = lock(&self.waiters);
        if self.enter() {
            return Joined::Inside;
        }
        if waiters.len() as u64 >= u64::from(most) {
            return Joined::Full;
        }
        // Somebody may have gone since, and seen that nobody waits.
        if !self.change(|word| (inside(word) >= u64::from(self.limit()) || waiting(word) > 0).then_some(word + WAITING))
        {
            drop(waiters);
            return self.join(most);
        }
        let waiter = Arc::new(Waiter(Mutex::new(State::Waiting(None))));
        waiters.push_back(Arc::clone(&waiter));
        Joined::Waits(waiter)
    }

    /// Goes out, and lets the next one in.
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

    /// Whoever waits goes again; one who is inside already goes out.
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

    /// Sets how many may be inside. Those who are stay.
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

    /// Changes the word, if there is something to change it to.
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
    /// Is it inside? If not, `waker` is woken when it is.
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
