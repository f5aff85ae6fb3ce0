//! The shards of `#[timed]`: each call is counted once, while threads run, when they end, and when other threads have
//! taken over their shards.

use shuttle::thread;

use super::histogram::{self, BUCKETS};
use super::shard::Shard;
use crate::orders;
use crate::shards::{PerThread, Shards};

/// Two functions. They and their shards live on from one order of events to the next.
static SITES: [Shards<Shard>; 2] = [Shards::new(), Shards::new()];

/// How long their calls take.
const TICKS: [u64; 2] = [5, 9];

/// Three times that is more than a shard keeps as it is.
const CALLS: u64 = 7;

/// A thread that calls these functions in turn.
fn calls(sites: &'static [usize]) {
    // Here and in no other world thread-locals are destroyed in the order in which they are made.
    Shard::give_back_at_exit();
    for _ in 0..CALLS {
        for site in sites {
            let shard = SITES[*site].local();
            let spent = shard.enter();
            assert!(!shard.is_nested(), "two threads have one shard");
            shard.leave(spent, TICKS[*site]);
            shard.count(TICKS[*site]);
        }
    }
}

/// How many calls of the function have been counted.
fn counted(site: usize) -> u64 {
    let add = |mut sums: Box<[u64; BUCKETS]>, shard: &Shard| {
        shard.latency.add_to(&mut sums);
        sums
    };
    let sums = SITES[site].fold(Box::new([0; BUCKETS]), add);
    let of_this_length = |(bucket, sum): (usize, &u64)| {
        let (from, to) = histogram::bounds(bucket);
        assert!(*sum == 0 || (from..to).contains(&TICKS[site]), "{sum} of {from}..{to}");
        *sum
    };
    sums.iter().enumerate().map(of_this_length).sum()
}

#[test]
fn each_call_is_counted_once() {
    orders(100, || {
        let before = [0, 1].map(counted);
        let after = [before[0] + 3 * CALLS, before[1] + 5 * CALLS];
        let mut least = before;
        let first = [&[0][..], &[0, 1]].map(|sites| thread::spawn(move || calls(sites)));
        // Takes over what the others leave behind, or not.
        let second = thread::spawn(|| {
            thread::spawn(|| calls(&[1, 0])).join().unwrap();
            calls(&[1, 1, 1]);
        });
        for _ in 0..3 {
            for (site, least) in least.iter_mut().enumerate() {
                let now = counted(site);
                assert!((*least..=after[site]).contains(&now), "{now} after {least}");
                *least = now;
            }
        }
        for thread in first.into_iter().chain([second]) {
            thread.join().unwrap();
        }
        assert_eq!([0, 1].map(counted), after);
    });
}
