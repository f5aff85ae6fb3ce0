//! The leases of a file: the value that is stored at the end was correct after the last write.

use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};

use super::leases::Leases;
use crate::sync::{Arc, Mutex, lock};
use crate::{on_threads, orders};

const NAME: &str = "prices:7";
const OTHER: &str = "stock:7";

/// One value and the file that keeps it.
#[derive(Default)]
struct World {
    leases: Arc<Leases>,
    truth: AtomicU32,
    /// What has been passed on to the writer: a value, or that there is none any more.
    passed_on: Mutex<Vec<Option<u32>>>,
}

impl World {
    fn pass_on(&self, value: Option<u32>) {
        lock(&self.passed_on).push(value);
    }

    /// A run of the body that gives what is true now, and writes it.
    fn run(&self) -> Option<()> {
        let lease = self.leases.give(NAME.to_owned());
        let value = self.truth.load(SeqCst);
        self.leases.used_up(NAME, lease, || self.pass_on(Some(value)))
    }

    fn invalidate(&self) {
        self.truth.fetch_add(1, SeqCst);
        self.leases.revoked(NAME, || self.pass_on(None));
    }

    fn clear(&self) {
        self.truth.fetch_add(1, SeqCst);
        self.leases.all_revoked("prices:", || self.pass_on(None));
    }

    fn kept(&self) -> Option<u32> {
        lock(&self.passed_on).last().copied().flatten()
    }
}

fn nothing_old_is_kept(forget: fn(&World)) {
    orders(1_000, move || {
        let world = Arc::new(World::default());
        on_threads([drop_run, forget, drop_run, forget].map(|act| {
            let world = Arc::clone(&world);
            move || act(&world)
        }));
        assert!(world.kept().is_none_or(|kept| kept == 2), "an old value is kept");
        // Nobody is in the way of the next one.
        assert_eq!((world.run(), world.kept()), (Some(()), Some(2)));
    });
}

fn drop_run(world: &World) {
    let _lost = world.run();
}

#[test]
fn a_run_under_way_does_not_write_over_an_invalidation() {
    nothing_old_is_kept(World::invalidate);
}

#[test]
fn nor_over_a_clear() {
    nothing_old_is_kept(World::clear);
}

/// Whoever has the newest lease may write, whatever becomes of the older ones, and of those for other entries.
#[test]
fn an_older_lease_takes_nothing_from_a_newer_one() {
    orders(1_000, || {
        let world = Arc::new(World::default());
        let ends = on_threads([false, true, false, true].map(|is_used| {
            let world = Arc::clone(&world);
            move || {
                let lease = world.leases.give(NAME.to_owned());
                world.leases.revoked(OTHER, || ());
                world.leases.all_revoked("stock:", || ());
                let number: u32 = lease.token().parse().unwrap();
                let is_kept = is_used && world.leases.used_up(NAME, lease, || world.pass_on(Some(number))).is_some();
                (number, is_used, is_kept)
            }
        }));
        let (_, is_used, is_kept) = *ends.iter().max().unwrap();
        assert_eq!(is_used, is_kept, "{ends:?}");
    });
}
