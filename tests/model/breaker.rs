//! A circuit breaker: exactly so many probes, and what is over says nothing, in any order of events.

use std::time::Duration;

use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;

use super::breaker::{Breaker, BreakerState};
use crate::clock::NOW;
use crate::sync::Arc;
use crate::{on_threads, orders};

const PROBES: u32 = 2;

/// What becomes of a call that was let through.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Succeeds,
    Fails,
    /// It is cancelled.
    IsDropped,
}

use End::{Fails, IsDropped, Succeeds};

/// A breaker, and the calls that it has let through.
struct Room {
    breaker: Breaker,
    inside: AtomicU32,
    most: AtomicU32,
    admitted: AtomicU32,
}

impl Room {
    /// Open, and its time is over.
    fn due() -> Arc<Self> {
        let breaker = Breaker::new().window(4).minimum(1).probes(PROBES).open_for(Duration::from_nanos(10));
        breaker.admit().unwrap().failed();
        assert_eq!(breaker.state(), BreakerState::Open);
        NOW.fetch_add(10, SeqCst);
        Arc::new(Room { breaker, inside: AtomicU32::new(0), most: AtomicU32::new(0), admitted: AtomicU32::new(0) })
    }

    /// Was it let through?
    fn visit(&self, end: End) -> bool {
        let Ok(permit) = self.breaker.admit() else { return false };
        self.admitted.fetch_add(1, SeqCst);
        self.most.fetch_max(self.inside.fetch_add(1, SeqCst) + 1, SeqCst);
        thread::yield_now();
        self.inside.fetch_sub(1, SeqCst);
        match end {
            Succeeds => permit.succeeded(),
            Fails => permit.failed(),
            IsDropped => drop(permit),
        }
        true
    }
}

fn visits(ends: &'static [End], check: fn(&Room, &[bool])) {
    orders(1_000, move || {
        let room = Room::due();
        let visits = ends.iter().map(|end| {
            let room = Arc::clone(&room);
            move || room.visit(*end)
        });
        let admitted = on_threads(visits);
        check(&room, &admitted);
    });
}

#[test]
fn no_more_probes_are_let_through_than_it_takes() {
    visits(&[Fails; 4], |room, _| {
        // The first failure is half of the probes: it opens again, and its time has only begun.
        assert_eq!(room.breaker.state(), BreakerState::Open);
        assert!((1..=PROBES).contains(&room.admitted.load(SeqCst)));
    });
}

#[test]
fn it_closes_when_all_probes_have_succeeded() {
    visits(&[Succeeds; 4], |room, admitted| {
        let admitted = admitted.iter().filter(|admitted| **admitted).count();
        assert!(admitted >= PROBES as usize);
        assert_eq!(room.breaker.state(), BreakerState::Closed);
    });
}

#[test]
fn a_probe_that_is_cancelled_gives_its_place_back() {
    visits(&[IsDropped; 4], |room, _| {
        assert_eq!(room.breaker.state(), BreakerState::HalfOpen);
        assert!(room.most.load(SeqCst) <= PROBES);
        // Both places are free again, and no more.
        let permits = [room.breaker.admit(), room.breaker.admit()];
        assert!(permits.iter().all(Result::is_ok) && room.breaker.admit().is_err());
    });
}

#[test]
fn a_call_of_a_state_that_is_over_changes_nothing() {
    orders(1_000, || {
        let breaker = Arc::new(Breaker::new().window(4).minimum(1));
        let permits: Vec<_> = (0..2).map(|_| Arc::clone(&breaker)).collect();
        let calls = permits.into_iter().map(|breaker| {
            Box::new(move || {
                if let Ok(permit) = breaker.admit() {
                    thread::yield_now();
                    permit.failed();
                }
            }) as Box<dyn FnOnce() + Send>
        });
        let forced = Arc::clone(&breaker);
        let force = Box::new(move || forced.force_close()) as Box<dyn FnOnce() + Send>;
        on_threads(calls.chain([force]).map(|run| move || run()));
        assert_eq!(breaker.state(), BreakerState::ForcedClosed);
    });
}

#[test]
fn no_call_is_counted_twice_or_not_at_all() {
    orders(1_000, || {
        let breaker = Arc::new(Breaker::new().window(9).minimum(9));
        let calls = [Succeeds, Fails, Succeeds, Fails].map(|end| {
            let breaker = Arc::clone(&breaker);
            move || {
                let permit = breaker.admit().unwrap();
                if end == Fails { permit.failed() } else { permit.succeeded() }
            }
        });
        on_threads(calls);
        let stats = breaker.stats();
        assert_eq!((stats.calls, stats.failed), (4, 2));
    });
}
