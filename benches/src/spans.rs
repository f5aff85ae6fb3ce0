//! Spans with fields, beside `#[instrument]`; and what a scrape takes while others count.

use std::hint::black_box;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use festoon::{timed, timing};
use tracing::instrument;

use crate::harness::{Effort, Suite, median};
use crate::timed::tracing_on;

#[inline(never)]
fn bare(id: u64, name: &str) -> u64 {
    black_box(id + name.len() as u64)
}

#[instrument(target = "on", level = "trace", skip_all, fields(id, name))]
#[inline(never)]
fn empty_fields(id: u64, name: &str) -> u64 {
    black_box(id + name.len() as u64)
}

#[instrument(target = "on", level = "trace", skip_all, fields(id = id, name = name, double = 2 * id))]
#[inline(never)]
fn instrumented(id: u64, name: &str) -> u64 {
    black_box(id + name.len() as u64)
}

#[timed(span(target = "on", level = trace, fields(id, name, double = 2 * id)))]
#[inline(never)]
fn festoon(id: u64, name: &str) -> u64 {
    black_box(id + name.len() as u64)
}

#[instrument(target = "off", level = "trace", skip_all, fields(id = id, name = name, double = 2 * id))]
#[inline(never)]
fn instrumented_off(id: u64, name: &str) -> u64 {
    black_box(id + name.len() as u64)
}

#[timed(span(target = "off", level = trace, fields(id, name, double = 2 * id)))]
#[inline(never)]
fn festoon_off(id: u64, name: &str) -> u64 {
    black_box(id + name.len() as u64)
}

/// What `#[timed]` adds without a span.
#[timed]
#[inline(never)]
fn measured(id: u64, name: &str) -> u64 {
    black_box(id + name.len() as u64)
}

fn with(call: impl Fn(u64, &'static str) -> u64 + Sync) -> impl Fn(Range<u64>) + Sync {
    move |numbers| {
        tracing_on();
        for number in numbers {
            black_box(call(black_box(number), black_box("a name")));
        }
    }
}

pub fn suites() -> Vec<Suite> {
    let spans = Suite::new("A span with three fields, with a registry; `#[timed]` measures as well")
        .batch("bare", with(bare))
        .batch("#[instrument]", with(instrumented))
        .floor()
        .batch("#[instrument], fields without values", with(empty_fields))
        .batch("#[timed]", with(measured))
        .batch("#[timed(span(..))]", with(festoon))
        .batch("#[instrument], filtered out", with(instrumented_off))
        .batch("#[timed(span(..))], filtered out", with(festoon_off));
    vec![spans]
}

macro_rules! digits {
    ($next:ident $($before:literal)*) => {
        $next!($($before)* 0); $next!($($before)* 1); $next!($($before)* 2); $next!($($before)* 3); $next!($($before)* 4);
        $next!($($before)* 5); $next!($($before)* 6); $next!($($before)* 7); $next!($($before)* 8); $next!($($before)* 9);
    };
}

macro_rules! tens {
    ($a:literal) => { digits!(ones $a) };
}

macro_rules! ones {
    ($a:literal $b:literal) => { digits!(block $a $b) };
}

macro_rules! block {
    ($a:literal $b:literal $c:literal) => {{
        let _scope = timing::scope!(concat!("a block of the benches, number ", $a, $b, $c));
        black_box(());
    }};
}

fn a_thousand() {
    digits!(tens);
}

/// The time of a scrape of 1,000 rows, and of a call while others scrape.
pub fn scrapes(effort: Effort) -> String {
    let rounds = effort.rounds;
    for _ in 0..200 {
        a_thousand();
    }
    let alone = calls(rounds);
    let is_over = AtomicBool::new(false);
    let (scraped, beside) = std::thread::scope(|scope| {
        let beside = scope.spawn(|| calls(rounds));
        let scraped = scope.spawn(|| scrape_until(&is_over));
        let beside = beside.join().expect("it does not panic");
        is_over.store(true, Relaxed);
        (scraped.join().expect("it does not panic"), beside)
    });
    format!(
        "### A scrape of {} functions\n\n| | |\n|---|---:|\n| `metrics::collect().to_prometheus()` | {:.1} ms |\n\
         | a thousand calls | {:.1} µs |\n| the same while another thread scrapes | {:.1} µs |\n",
        timing::report().rows().len(),
        scraped.as_secs_f64() * 1e3,
        alone.as_secs_f64() * 1e6,
        beside.as_secs_f64() * 1e6,
    )
}

/// The median of many scrapes.
fn scrape_until(is_over: &AtomicBool) -> Duration {
    let mut times = Vec::new();
    while times.len() < 5 || !is_over.load(Relaxed) {
        let start = Instant::now();
        black_box(festoon::metrics::collect().to_prometheus());
        times.push(start.elapsed().as_secs_f64());
    }
    Duration::from_secs_f64(median(times.into_iter()))
}

/// The median time of a call of each of the thousand.
fn calls(rounds: usize) -> Duration {
    let time = |_| {
        let start = Instant::now();
        a_thousand();
        start.elapsed().as_secs_f64()
    };
    Duration::from_secs_f64(median((0..rounds * 100).map(time)))
}
