//! The figures of `docs/costs.md`: memory of each decorator, and sizes of futures. A separate binary, so that the
//! tables of counters are small, whatever else is tested.
#![allow(
    clippy::items_after_statements,
    clippy::large_futures,
    clippy::large_stack_arrays,
    clippy::large_types_passed_by_value,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    missing_docs,
    reason = "tests say things as users do, and put items where they are used"
)]

use std::hint::black_box;
use std::task::{Context, Poll, Waker};
use std::thread;

use festoon::{
    AsyncDecorator, Call, Interned, bulkhead, cached, circuit_breaker, decorate, fallback, hedge, interned,
    invalidates, rate_limit, retry, timed, timeout,
};

const PAGE: &str = include_str!("../docs/costs.md");

/// The cells of the row that begins with this one.
fn row(first: &str) -> Vec<&'static str> {
    let start = format!("| {first} |");
    let line = PAGE.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no row `{first}`"));
    line.trim_matches('|').split('|').skip(1).map(str::trim).collect()
}

/// A number stands for itself and what is near it: allocators and compilers differ.
#[track_caller]
fn assert_says(row_name: &str, what: &str, cell: &str, measured: usize) {
    println!("{row_name}, {what}: {measured}");
    let told: usize = cell.replace([',', '-'], "").trim().parse().unwrap_or(0);
    let (least, most) = (told * 7 / 10, told * 13 / 10 + 48);
    assert!((least..=most).contains(&measured), "{row_name}, {what}: {measured}, and the page says {told}");
}

/// What is allocated by this, and not freed.
fn kept(run: impl FnOnce()) -> usize {
    usize::try_from(allocation_counter::measure(run).bytes_current).unwrap_or(0)
}

/// How often this allocates.
fn allocations(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).count_total
}

/// What the first call of a function keeps on its first thread, and on another one beside it. Another function of the kind
/// has been called on the thread.
fn first_calls(other: fn(), function: fn()) -> (usize, usize) {
    let measure = move || {
        other();
        kept(function)
    };
    let both = move || (measure(), thread::spawn(measure).join().unwrap());
    let (first, further) = thread::spawn(both).join().unwrap();
    (first.saturating_sub(further), further)
}

macro_rules! pairs {
    ($($name:ident: $(#[$attr:meta])+)+) => { $(
        mod $name {
            use super::*;
            $(#[$attr])+
            pub fn other() -> Option<u32> {
                Some(black_box(1))
            }
            $(#[$attr])+
            pub fn function() -> Option<u32> {
                Some(black_box(2))
            }
            pub fn first_calls() -> (usize, usize) {
                super::first_calls(|| _ = other(), || _ = function())
            }
        }
    )+ };
}

fn around<R>(next: impl FnOnce() -> R) -> R {
    next()
}

#[cached]
fn forgotten(n: u32) -> u32 {
    n
}

pairs! {
    by_timed: #[timed]
    by_cached: #[cached]
    by_unbounded: #[cached(unbounded)]
    by_ttl: #[cached(ttl = 5m)]
    by_thread: #[cached(scope = thread)]
    by_retry: #[retry]
    by_decorate: #[decorate(around)]
    by_invalidates: #[invalidates(forgotten(3))]
}

#[test]
fn what_a_function_and_a_thread_keep() {
    let rows: [(&str, (usize, usize)); 8] = [
        ("`#[timed]`", by_timed::first_calls()),
        ("`#[cached]`", by_cached::first_calls()),
        ("`#[cached(unbounded)]`", by_unbounded::first_calls()),
        ("`#[cached(ttl = 5m)]`", by_ttl::first_calls()),
        ("`#[cached(scope = thread)]`", by_thread::first_calls()),
        ("`#[retry]`", by_retry::first_calls()),
        ("`#[decorate(f)]`", by_decorate::first_calls()),
        ("`#[invalidates(..)]`", by_invalidates::first_calls()),
    ];
    assert!(rows[0].1.1 < 1024, "`#[timed]` keeps {} bytes for a thread", rows[0].1.1);
    for (name, (function, thread)) in rows {
        assert_says(name, "a function", row(name)[0], function);
        assert_says(name, "a thread", row(name)[1], thread);
    }
}

#[test]
fn what_an_entry_keeps() {
    const ENTRIES: u64 = 10_000;
    #[cached(max = 10_000)]
    fn bounded(n: u64) -> u64 {
        n
    }
    #[cached(unbounded)]
    fn unbounded(n: u64) -> u64 {
        n
    }
    #[cached(max = 10_000, ttl = 5m)]
    fn expiring(n: u64) -> u64 {
        n
    }
    #[cached(scope = thread, unbounded)]
    fn own(n: u64) -> u64 {
        n
    }
    let entries =
        |call: fn(u64) -> u64| kept(|| (0..ENTRIES).for_each(|n| _ = call(n))) / usize::try_from(ENTRIES).unwrap();
    for (name, function) in [
        ("`#[cached]`", bounded as fn(u64) -> u64),
        ("`#[cached(unbounded)]`", unbounded),
        ("`#[cached(ttl = 5m)]`", expiring),
        ("`#[cached(scope = thread)]`", own),
    ] {
        assert_says(name, "an entry", row(name)[2], entries(function));
    }
}

/// Bytes that an async function has with it.
type Large = [u8; 4096];

async fn turn() {
    tokio::task::yield_now().await;
}

async fn around_later<F: Future>(next: impl FnOnce(Large) -> F, bytes: Large) -> F::Output {
    next(bytes).await
}

struct Layer;

impl<F: Future> AsyncDecorator<F> for Layer {
    async fn call(&self, _: Call<F::Output>, next: F) -> F::Output {
        next.await
    }
}

macro_rules! futures {
    ($($name:ident: $(#[$attr:meta])*)+) => { $(
        mod $name {
            use super::*;
            /// The size with a local of 16 kB, and with an argument of 4 kB, both alive at the `await`.
            pub fn sizes() -> [usize; 2] {
                $(#[$attr])*
                async fn local() -> Option<u8> {
                    let bytes = black_box([0_u8; 16 * 1024]);
                    turn().await;
                    bytes.last().copied()
                }
                [size_of_val(&local()), size_of_val(&argument([0; 4096]))]
            }
            $(#[$attr])*
            async fn argument(bytes: Large) -> Option<u8> {
                turn().await;
                bytes.last().copied()
            }
        }
    )+ };
}

futures! {
    plain:
    future_timed: #[timed]
    future_cached: #[cached]
    future_retry: #[retry]
    future_layer: #[decorate(layer = Layer)]
    future_timeout: #[timeout(2s)]
    future_bulkhead: #[bulkhead(10)]
    future_two: #[timed] #[cached]
    future_three: #[timed] #[cached] #[retry]
    future_five: #[timed(span)] #[cached] #[retry] #[timeout(2s)] #[bulkhead(10)]
    future_span: #[timed(span)]
    future_rate_limit: #[rate_limit(10 / 1s)]
    future_circuit_breaker: #[circuit_breaker]
    future_fallback: #[fallback(0)]
    future_hedge: #[hedge(after = 1s, idempotent)]
    future_invalidates: #[invalidates(forgotten, when = ok)]
    future_upside_down: #[bulkhead(10)] #[timeout(2s)] #[retry] #[cached] #[timed]
    future_refusing: #[timed] #[fallback(0)] #[circuit_breaker] #[rate_limit(10 / 1s)] #[bulkhead(10)]
}

#[test]
fn how_large_futures_are() {
    #[decorate(around_later)]
    async fn decorated(bytes: Large) -> Option<u8> {
        turn().await;
        bytes.last().copied()
    }
    let _ = size_of_val(&decorated([0; 4096]));
    for (name, sizes) in [
        ("none", plain::sizes()),
        ("`timed`", future_timed::sizes()),
        ("`cached`", future_cached::sizes()),
        ("`retry`", future_retry::sizes()),
        ("`timeout`", future_timeout::sizes()),
        ("`bulkhead`", future_bulkhead::sizes()),
        ("`decorate(layer = ..)`", future_layer::sizes()),
        ("`timed`, `cached`", future_two::sizes()),
        ("`timed`, `cached`, `retry`", future_three::sizes()),
        ("`timed(span)`, `cached`, `retry`, `timeout`, `bulkhead`", future_five::sizes()),
    ] {
        for (at, what) in ["a local of 16 kB", "an argument of 4 kB"].into_iter().enumerate() {
            assert_says(name, what, row(name)[at], sizes[at]);
        }
    }
    assert_says("`decorate(f)`", "an argument of 4 kB", row("`decorate(f)`")[1], size_of_val(&decorated([0; 4096])));
}

/// `#[interned]` returns another type than its body.
mod future_interned {
    use super::*;

    #[interned]
    async fn argument(bytes: Large) -> Option<Interned<u8>> {
        turn().await;
        bytes.last().copied()
    }

    #[interned]
    async fn local() -> Option<Interned<u8>> {
        let bytes = black_box([0_u8; 16 * 1024]);
        turn().await;
        bytes.last().copied()
    }

    pub fn sizes() -> [usize; 2] {
        [size_of_val(&local()), size_of_val(&argument([0; 4096]))]
    }
}

/// What a decorator of ours adds is its own state; nothing of the function is stored once more.
#[test]
fn no_decorator_stores_anything_twice() {
    for (name, sizes) in [
        ("timed", future_timed::sizes()),
        ("timed(span)", future_span::sizes()),
        ("cached", future_cached::sizes()),
        ("retry", future_retry::sizes()),
        ("timeout", future_timeout::sizes()),
        ("bulkhead", future_bulkhead::sizes()),
        ("rate_limit", future_rate_limit::sizes()),
        ("circuit_breaker", future_circuit_breaker::sizes()),
        ("fallback", future_fallback::sizes()),
        ("hedge", future_hedge::sizes()),
        ("interned", future_interned::sizes()),
        ("invalidates", future_invalidates::sizes()),
        ("two", future_two::sizes()),
        ("three", future_three::sizes()),
        ("five", future_five::sizes()),
        ("five, upside down", future_upside_down::sizes()),
        ("five that refuse", future_refusing::sizes()),
    ] {
        let added = [0, 1].map(|at| sizes[at] - plain::sizes()[at]);
        println!("{name}: {added:?} more");
        assert!(added.iter().all(|added| *added < 768), "{name}: {added:?} more than the plain function");
    }
}

/// Polls it to its end.
fn finished<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

#[test]
fn retries_without_waits_allocate_nothing() {
    fn third(attempts: u32) -> Result<u32, u32> {
        let number = festoon::attempt().number;
        if number < attempts { Err(black_box(number)) } else { Ok(number) }
    }

    #[retry(attempts = 3, wait = fixed(0ms))]
    fn sync(attempts: u32) -> Result<u32, u32> {
        third(attempts)
    }

    #[retry(attempts = 3, wait = fixed(0ms), clone(attempts))]
    fn moved(attempts: Vec<u32>) -> Result<u32, u32> {
        third(attempts.into_iter().fold(3, u32::max))
    }

    #[retry(attempts = 3, wait = fixed(0ms), after = |result| _ = black_box(result))]
    fn hooked(attempts: u32) -> Result<u32, u32> {
        third(attempts)
    }

    #[retry(attempts = 3, wait = fixed(0ms))]
    async fn later(attempts: u32) -> Result<u32, u32> {
        turn().await;
        third(attempts)
    }

    let all = |attempts| black_box([sync(attempts), moved(Vec::new()), hooked(attempts), finished(later(attempts))]);
    let _ = all(3);
    for attempts in [1, 3, 9] {
        assert_eq!(allocations(|| _ = all(attempts)), 0, "{attempts} attempts");
    }
}
