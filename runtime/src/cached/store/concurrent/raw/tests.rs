use std::thread;

use super::*;
use crate::cached::store::concurrent::node::Node;
use crate::cached::value::entry::{Entry, NoExpiry, Times, Weighed};
use crate::cached::value::expiry::Lengths;
use crate::cached::value::settings::Settings;

type Kept = Node<u64, <Weighed<NoExpiry> as Times>::Entry<u64>>;

struct Shared(RawCache);

// SAFETY: its nodes are numbers.
unsafe impl Sync for Shared {}

impl Shared {
    /// Half of all keys share their hash with another key.
    fn hash(key: u64) -> u64 {
        (key / 2).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn is(key: u64) -> impl Fn(Pointer) -> bool {
        // SAFETY: all nodes of the cache are of these types, and it only asks about live ones.
        move |node| unsafe { Kept::of(node) }.key == key
    }

    fn insert(&self, key: u64, weight: u64) {
        let deadlines = Lengths::new(&Settings::NONE).deadlines(None, false);
        let entry = Entry::new(key, crate::cached::value::expiry::Deadlines { weight, ..deadlines });
        let new = Kept::boxed(Self::hash(key), key, entry);
        drop(self.0.insert(Self::hash(key), new, &Self::is(key), key.is_multiple_of(3)));
    }

    fn remove(&self, key: u64) {
        drop(self.0.remove(Self::hash(key), &Self::is(key), Removal::Invalidated));
    }

    /// The contents of the tables, and the counts.
    fn sums(&self) -> (u64, u64, usize) {
        let mut weight = 0;
        for shard in &self.0.shards {
            let state = shard.state();
            let Some(table) = Table::from_raw(shard.table.load(Relaxed)) else { continue };
            // SAFETY: the lock is held.
            let nodes: Vec<Pointer> = unsafe { table.nodes() }.collect();
            assert_eq!(nodes.len(), state.nodes);
            // SAFETY: as above.
            weight += nodes.iter().map(|node| unsafe { (Kept::KIND.weight)(*node) }).sum::<u64>();
        }
        (weight, self.0.room.used.load(Relaxed), self.0.len())
    }
}

/// Threads insert, replace, remove and clear; no weight is lost or counted twice, and the bound is never exceeded.
#[test]
fn what_is_counted_is_what_is_there() {
    for (size, is_weighed) in [(100, true), (1, false), (100, false), (1000, false)] {
        let cache = Shared(RawCache::new(size, is_weighed, false, Kept::KIND));
        thread::scope(|scope| {
            for seed in 0..4 {
                let cache = &cache;
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(seed);
                    for _ in 0..3000 {
                        let key = random.u64(0..1500);
                        match random.u32(0..400) {
                            0 => drop(cache.0.clear()),
                            1..100 => cache.remove(key),
                            _ => cache.insert(key, if is_weighed { random.u64(0..30) } else { 1 }),
                        }
                        assert!(cache.0.room.used.load(Relaxed) <= size);
                        if let Some(held) = cache.0.find(Shared::hash(key), Shared::is(key)) {
                            // SAFETY: it is of these types, and held.
                            assert_eq!(*unsafe { Kept::of(held.node()) }.entry.value(), key);
                        }
                    }
                });
            }
        });
        let (weight, used, nodes) = cache.sums();
        assert_eq!(weight, used, "{nodes} of {size}");
        drop(cache.0.clear());
        assert_eq!(cache.sums(), (0, 0, 0));
    }
}
