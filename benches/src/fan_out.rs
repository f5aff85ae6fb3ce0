//! `each`: 256 calls, 16 at a time, compared with `futures`; 64 calls of 10 us on every core, compared with rayon.

use std::hint::black_box;
use std::task::Poll;
use std::time::{Duration, Instant};

use festoon::Each;
use futures_executor::block_on;
use futures_util::{StreamExt, stream};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::harness::Suite;

/// Waits for one poll, like a socket.
async fn fetch(n: u64) -> u64 {
    let mut is_first = true;
    std::future::poll_fn(|context| {
        if !std::mem::take(&mut is_first) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    n
}

fn work(n: u64) -> u64 {
    let start = Instant::now();
    while start.elapsed() < Duration::from_micros(10) {
        black_box(n);
    }
    n
}

const CALLS: u64 = 256;

fn futures() -> Vec<Suite> {
    let ordered = Suite::new("fan-out: 256 async calls, 16 at a time, in order")
        .case("festoon, as a stream", |_| block_on(StreamExt::collect::<Vec<u64>>(fetch.each(0..CALLS).limit(16))))
        .case("festoon, collect", |_| block_on(fetch.each(0..CALLS).limit(16).collect::<Vec<u64>>()))
        .case("futures buffered", |_| block_on(stream::iter(0..CALLS).map(fetch).buffered(16).collect::<Vec<u64>>()));
    let as_they_come = Suite::new("fan-out: as they come")
        .case("festoon, as a stream", |_| {
            block_on(StreamExt::collect::<Vec<u64>>(fetch.each(0..CALLS).limit(16).as_they_come()))
        })
        .case("festoon, collect", |_| block_on(fetch.each(0..CALLS).limit(16).as_they_come().collect::<Vec<u64>>()))
        .case("futures buffer_unordered", |_| {
            block_on(stream::iter(0..CALLS).map(fetch).buffer_unordered(16).collect::<Vec<u64>>())
        });
    vec![ordered, as_they_come]
}

pub fn suites() -> Vec<Suite> {
    let cores = Suite::new("fan-out: 64 sync calls of 10 us on every core")
        .case("festoon on_cores", |_| work.each(0..64).on_cores().collect::<Vec<u64>>())
        .case("rayon par_iter", |_| (0..64).into_par_iter().map(work).collect::<Vec<u64>>());
    futures().into_iter().chain([cores]).collect()
}
