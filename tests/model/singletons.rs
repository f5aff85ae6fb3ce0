//! Singletons of a registry: created once, by one thread at a time, and no constructor waits for itself.

use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;

use crate::registry::singleton::Singleton;
use crate::sync::Arc;
use crate::{on_threads, orders};

type Got = Result<u32, String>;

#[derive(Default)]
struct World {
    first: Singleton<u32>,
    second: Singleton<u32>,
    attempts: AtomicU32,
    makers: AtomicU32,
}

impl World {
    /// Fails so many times.
    fn get(&self, failures: u32) -> Got {
        let make = || {
            assert_eq!(self.makers.fetch_add(1, SeqCst), 0, "two constructors at a time");
            thread::yield_now();
            let attempt = self.attempts.fetch_add(1, SeqCst);
            self.makers.fetch_sub(1, SeqCst);
            if attempt < failures { Err("not yet".to_owned()) } else { Ok(attempt) }
        };
        self.first.get(make).copied()
    }

    /// Whose constructor asks for the second one, whose constructor asks for the first one.
    fn first(&self) -> Got {
        self.first.get(|| self.second()).copied()
    }

    fn second(&self) -> Got {
        self.second.get(|| self.first()).copied()
    }
}

/// What each of these gives, on a thread of its own.
fn gets<const N: usize>(world: &Arc<World>, gets: [fn(&World) -> Got; N]) -> Vec<Got> {
    on_threads(gets.map(|get| {
        let world = Arc::clone(world);
        move || get(&world)
    }))
}

#[test]
fn one_makes_it_for_all() {
    orders(1_000, || {
        let world = Arc::new(World::default());
        let got = gets(&world, [|world| world.get(0); 4]);
        assert_eq!((got, world.attempts.load(SeqCst)), (vec![Ok(0); 4], 1));
    });
}

#[test]
fn whoever_fails_leaves_it_to_the_next_one() {
    orders(1_000, || {
        let world = Arc::new(World::default());
        let got = gets(&world, [|world| world.get(2); 4]);
        let failed = got.iter().filter(|got| got.is_err()).count();
        assert_eq!((failed, world.attempts.load(SeqCst)), (2, 3), "{got:?}");
        assert!(got.iter().flatten().all(|made| *made == 2), "{got:?}");
    });
}

#[test]
fn two_that_ask_for_each_other_are_told() {
    orders(1_000, || {
        let world = Arc::new(World::default());
        let got = gets(&world, [World::first, World::second, World::first]);
        assert!(got.iter().all(Result::is_err), "{got:?}");
        // Nobody makes them any more.
        assert_eq!((world.first.get(|| Ok(1)), world.second.get(|| Ok(2))), (Ok(&1), Ok(&2)));
    });
}
