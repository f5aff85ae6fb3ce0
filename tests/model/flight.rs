//! The single flight of `#[cached]`.

use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};

use crate::cached::flight::table::{self, Flight, Flights, Joined, Turn, Wake};
use crate::orders;
use crate::sync::{Arc, Mutex, lock};

/// A cache of one place, and what is counted.
struct Cache {
    flights: Flights<u8, u32>,
    kept: Mutex<Option<u32>>,
    runs: AtomicU32,
    leaders: AtomicU32,
    most_leaders: AtomicU32,
}

const KEY: u8 = 7;
const HASH: u64 = 7;

/// How a run ends.
#[derive(Clone, Copy)]
enum End {
    /// With its number.
    Value,
    /// With nothing.
    Failed,
}

/// How patient a waiter is.
#[derive(Clone, Copy)]
enum Patience {
    Endless,
    /// It goes after its first look.
    OneLook,
}

impl Cache {
    fn new() -> Arc<Self> {
        Arc::new(Cache {
            flights: Flights::new("model"),
            kept: Mutex::new(None),
            runs: AtomicU32::new(0),
            leaders: AtomicU32::new(0),
            most_leaders: AtomicU32::new(0),
        })
    }

    /// A call, as the runtime makes it.
    fn call(&self, end: End, patience: Patience) -> Option<u32> {
        let mut table = self.flights.table(HASH);
        let joined = table::join(&table, HASH, &KEY);
        if let (None, Some(value)) = (&joined, *lock(&self.kept)) {
            return Some(value);
        }
        let (flight, joined) = joined.unwrap_or_else(|| (table::begin(&mut table, HASH, KEY), Joined::Lead));
        drop(table);
        match joined {
            Joined::Lead => self.lead(&flight, end),
            Joined::Wait { ticket } => self.wait(&flight, ticket, end, patience),
        }
    }

    fn wait(&self, flight: &Arc<Flight<u32>>, ticket: u64, end: End, patience: Patience) -> Option<u32> {
        loop {
            match flight.look(ticket, || Wake::Thread(shuttle::thread::current())) {
                Turn::Value(value) => return Some(value),
                Turn::Lead => return self.lead(flight, end),
                Turn::Pending => match patience {
                    Patience::Endless => shuttle::thread::park(),
                    Patience::OneLook => {
                        self.flights.leave(flight, ticket);
                        return None;
                    }
                },
            }
        }
    }

    fn lead(&self, flight: &Arc<Flight<u32>>, end: End) -> Option<u32> {
        let leaders = self.leaders.fetch_add(1, SeqCst) + 1;
        self.most_leaders.fetch_max(leaders, SeqCst);
        let run = self.runs.fetch_add(1, SeqCst) + 1;
        shuttle::thread::yield_now();
        self.leaders.fetch_sub(1, SeqCst);
        match end {
            End::Failed => {
                self.flights.abandon(flight);
                None
            }
            End::Value => {
                self.land(flight, run);
                Some(run)
            }
        }
    }

    fn land(&self, flight: &Arc<Flight<u32>>, value: u32) {
        let mut table = self.flights.table(flight.hash);
        let is_awaited = flight.is_awaited();
        if table::take(&mut table, flight).is_some() {
            *lock(&self.kept) = Some(value);
        }
        drop(table);
        if is_awaited {
            flight.complete(value);
        }
    }

    fn invalidate(&self) {
        let mut table = self.flights.table(HASH);
        drop(table::detach(&mut table, HASH, &KEY));
        *lock(&self.kept) = None;
    }
}

/// Every call ends (a deadlock fails the test), and nothing is left behind.
fn check(calls: &'static [(End, Patience)], beside: fn(&Cache), then: fn(&Cache, &[Option<u32>])) {
    orders(1_000, move || {
        let cache = Cache::new();
        let call = |(end, patience): &'static (End, Patience)| {
            let cache = Arc::clone(&cache);
            shuttle::thread::spawn(move || cache.call(*end, *patience))
        };
        let threads: Vec<_> = calls.iter().map(call).collect();
        beside(&cache);
        let values: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(cache.flights.len(), 0, "a flight is left");
        then(&cache, &values);
    });
}

#[test]
fn one_runs_and_all_get_its_value() {
    check(
        &[(End::Value, Patience::Endless); 4],
        |_| (),
        |cache, values| {
            assert_eq!((values, cache.runs.load(SeqCst)), (&[Some(1); 4][..], 1));
        },
    );
}

#[test]
fn whoever_fails_hands_over_to_one_at_a_time() {
    const CALLS: &[(End, Patience)] = &[
        (End::Failed, Patience::Endless),
        (End::Failed, Patience::Endless),
        (End::Value, Patience::Endless),
        (End::Value, Patience::Endless),
    ];
    check(
        CALLS,
        |_| (),
        |cache, values| {
            assert_eq!(cache.most_leaders.load(SeqCst), 1);
            let value = lock(&cache.kept).expect("one of them has succeeded");
            assert!(values[2..].iter().all(|got| *got == Some(value)), "{values:?}");
        },
    );
}

#[test]
fn whoever_waits_may_go_at_any_time() {
    const CALLS: &[(End, Patience)] = &[
        (End::Failed, Patience::OneLook),
        (End::Failed, Patience::Endless),
        (End::Value, Patience::OneLook),
        (End::Value, Patience::Endless),
    ];
    check(
        CALLS,
        |_| (),
        |cache, values| {
            assert_eq!(cache.most_leaders.load(SeqCst), 1);
            assert!(values[3].is_some());
        },
    );
}

#[test]
fn when_all_fail_or_go_nothing_is_kept_and_nobody_hangs() {
    const CALLS: &[(End, Patience)] = &[
        (End::Failed, Patience::OneLook),
        (End::Failed, Patience::Endless),
        (End::Failed, Patience::OneLook),
        (End::Failed, Patience::Endless),
    ];
    check(CALLS, |_| (), |cache, values| assert!(lock(&cache.kept).is_none() && values.iter().all(Option::is_none)));
}

#[test]
fn an_invalidation_in_the_middle_loses_nobody() {
    check(&[(End::Value, Patience::Endless); 3], Cache::invalidate, |_, values| {
        assert!(values.iter().all(Option::is_some));
    });
}
