//! Single flight: one run per missing key, for sync and async callers. A leader that ends without a value hands over to
//! exactly one waiter.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::task::Waker;

use hashbrown::HashTable;

use crate::cached::flight::held::Held;
use crate::cached::key::Finds;
use crate::deadlock::{Node, Run};
use crate::sync::{Arc, Mutex, MutexGuard, Thread, lock};

/// The computation of one missing value. It stays in the table as long as a call leads it or may lead it.
pub(crate) struct Flight<V> {
    pub(crate) hash: u64,
    state: Mutex<State<V>>,
    node: Node,
}

struct State<V> {
    status: Status<V>,
    /// How many calls wait, including those that have not registered a waker yet.
    waiting: usize,
    next_ticket: u64,
    wakes: VecDeque<(u64, Wake)>,
}

enum Status<V> {
    /// It has a leader.
    Led,
    /// The leader has left without a value; the first waiter that looks takes over.
    Vacant,
    Done(V),
}

/// How to wake a waiter.
pub(crate) enum Wake {
    Thread(Thread),
    Task(Waker),
}

impl Wake {
    fn wake(self) {
        match self {
            Wake::Thread(thread) => thread.unpark(),
            Wake::Task(waker) => waker.wake(),
        }
    }
}

/// What a waiter finds when it looks.
pub(crate) enum Turn<V> {
    Pending,
    Value(V),
    /// It leads now, and is no longer a waiter.
    Lead,
}

/// How a call takes part in a flight.
pub(crate) enum Joined {
    Lead,
    Wait { ticket: u64 },
}

impl<V> Flight<V> {
    /// Creates the flight with its first leader.
    fn new(hash: u64) -> Arc<Self> {
        let state = State { status: Status::Led, waiting: 0, next_ticket: 0, wakes: VecDeque::new() };
        Arc::new(Flight { hash, state: Mutex::new(state), node: Node::default() })
    }

    fn join(&self) -> Joined {
        let mut state = lock(&self.state);
        if matches!(state.status, Status::Vacant) {
            state.status = Status::Led;
            return Joined::Lead;
        }
        state.waiting += 1;
        state.next_ticket += 1;
        Joined::Wait { ticket: state.next_ticket }
    }

    /// A waiter checks whether its turn has come; if not, it will be woken.
    pub(crate) fn look(&self, ticket: u64, wake: impl FnOnce() -> Wake) -> Turn<V>
    where
        V: Clone,
    {
        let mut state = lock(&self.state);
        let turn = match &state.status {
            Status::Done(value) => Turn::Value(value.clone()),
            Status::Vacant => Turn::Lead,
            Status::Led => {
                let wake = (ticket, wake());
                match state.wakes.iter_mut().find(|(other, _)| *other == ticket) {
                    Some(before) => *before = wake,
                    None => state.wakes.push_back(wake),
                }
                return Turn::Pending;
            }
        };
        if let Turn::Lead = turn {
            state.status = Status::Led;
        }
        state.forget(ticket);
        turn
    }

    /// Does any call wait? Exact under the lock of the flight's table, where waiters join and leave.
    pub(crate) fn is_awaited(&self) -> bool {
        lock(&self.state).waiting > 0
    }

    /// Passes the value to all waiters.
    pub(crate) fn complete(&self, value: V) {
        let mut state = lock(&self.state);
        state.status = Status::Done(value);
        let wakes = std::mem::take(&mut state.wakes);
        drop(state);
        for (_, wake) in wakes {
            wake.wake();
        }
    }
}

impl<V> State<V> {
    fn forget(&mut self, ticket: u64) {
        self.waiting -= 1;
        self.wakes.retain(|(other, _)| *other != ticket);
    }
}

impl<V: Send + Sync> Run for Flight<V> {
    fn node(&self) -> &Node {
        &self.node
    }
}

const SHARDS: usize = 16;

/// The flights of one shard of the keys.
pub(crate) type Table<K, V> = HashTable<(K, Arc<Flight<V>>)>;

/// A table that this thread has locked.
pub(crate) struct Locked<'a, K, V> {
    table: MutexGuard<'a, Table<K, V>>,
    _held: Held,
}

impl<K, V> Deref for Locked<'_, K, V> {
    type Target = Table<K, V>;

    fn deref(&self) -> &Table<K, V> {
        &self.table
    }
}

impl<K, V> DerefMut for Locked<'_, K, V> {
    fn deref_mut(&mut self) -> &mut Table<K, V> {
        &mut self.table
    }
}

/// All values of one function that are being computed.
pub(crate) struct Flights<K, V> {
    function: &'static str,
    shards: Box<[Mutex<Table<K, V>>; SHARDS]>,
}

impl<K, V> Flights<K, V> {
    pub(crate) fn new(function: &'static str) -> Self {
        // Not `Box::new([..])`, which a debug build makes on the stack.
        let shards: Box<[_]> = (0..SHARDS).map(|_| Mutex::new(HashTable::new())).collect();
        Flights { function, shards: shards.try_into().unwrap_or_else(|_| unreachable!("there are so many")) }
    }

    /// The table of a key. While it is locked, no flight of that key starts or ends.
    pub(crate) fn table(&self, hash: u64) -> Locked<'_, K, V> {
        self.locked(&self.shards[(hash >> 32) as usize % SHARDS])
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = Locked<'_, K, V>> {
        self.shards.iter().map(|shard| self.locked(shard))
    }

    fn locked<'a>(&'a self, shard: &'a Mutex<Table<K, V>>) -> Locked<'a, K, V> {
        let held = Held::of(std::ptr::from_ref(self).addr(), self.function);
        Locked { table: lock(shard), _held: held }
    }

    pub(crate) fn len(&self) -> usize {
        self.tables().map(|table| table.len()).sum()
    }

    /// A leader leaves without a value: the next waiter leads, or the flight is over.
    pub(crate) fn abandon(&self, flight: &Arc<Flight<V>>) {
        self.vacate(flight, |state| state.status = Status::Vacant);
    }

    /// A waiter leaves. If it was woken to lead, the next waiter leads instead.
    pub(crate) fn leave(&self, flight: &Arc<Flight<V>>, ticket: u64) {
        self.vacate(flight, |state| state.forget(ticket));
    }

    fn vacate(&self, flight: &Arc<Flight<V>>, change: impl FnOnce(&mut State<V>)) {
        let mut table = self.table(flight.hash);
        let mut state = lock(&flight.state);
        change(&mut state);
        if !matches!(state.status, Status::Vacant) {
            return;
        }
        let next = state.wakes.pop_front();
        let over = state.waiting == 0;
        drop(state);
        let key = if over { take(&mut table, flight) } else { None };
        drop(table);
        drop(key);
        if let Some((_, wake)) = next {
            wake.wake();
        }
    }
}

/// Joins the flight of a key, if there is one.
pub(crate) fn join<K, V, Q: Finds<K>>(table: &Table<K, V>, hash: u64, by: &Q) -> Option<(Arc<Flight<V>>, Joined)> {
    let (_, flight) = table.find(hash, |(key, _)| by.finds(key))?;
    Some((Arc::clone(flight), flight.join()))
}

/// Is the value of this key being computed?
pub(crate) fn is_under_way<K, V, Q: Finds<K>>(table: &Table<K, V>, hash: u64, by: &Q) -> bool {
    table.find(hash, |(key, _)| by.finds(key)).is_some()
}

/// Calls the closure with the key of a flight, unless the key has been invalidated in the meantime.
pub(crate) fn with_key<K, V, T>(table: &Table<K, V>, flight: &Arc<Flight<V>>, look: impl FnOnce(&K) -> T) -> Option<T> {
    let (key, _) = table.find(flight.hash, |(_, other)| Arc::ptr_eq(other, flight))?;
    Some(look(key))
}

/// Starts a flight; the caller leads.
pub(crate) fn begin<K, V>(table: &mut Table<K, V>, hash: u64, key: K) -> Arc<Flight<V>> {
    let flight = Flight::new(hash);
    table.insert_unique(hash, (key, Arc::clone(&flight)), |(_, flight)| flight.hash);
    flight
}

/// Removes a flight, with its key; `None` if its key has been invalidated in the meantime.
pub(crate) fn take<K, V>(table: &mut Table<K, V>, flight: &Arc<Flight<V>>) -> Option<K> {
    let there = table.find_entry(flight.hash, |(_, other)| Arc::ptr_eq(other, flight)).ok()?;
    Some(there.remove().0.0)
}

/// Removes the flight of a key, so that its value will not be stored. Its waiters still get the value.
pub(crate) fn detach<K, V, Q: Finds<K>>(table: &mut Table<K, V>, hash: u64, by: &Q) -> Option<(K, Arc<Flight<V>>)> {
    let there = table.find_entry(hash, |(key, _)| by.finds(key)).ok()?;
    Some(there.remove().0)
}
