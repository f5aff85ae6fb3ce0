//! `#[timed]`: what measuring adds to a function that takes a nanosecond, and to one that takes a few hundred.

use std::cell::Cell;
use std::hint::black_box;
use std::ops::Range;
use std::sync::Once;
use std::time::{Duration, Instant};

use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use festoon::Decorated;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::harness::{Suite, awaited};
use crate::sustained;

pub fn suites() -> Vec<Suite> {
    vec![tiny(), results(), longer(), asynchronous()]
}

/// Many consecutive calls of one of the functions below.
pub fn sustained(name: &str, calls: u64) -> Option<()> {
    match name {
        "bare" => sustained::run(name, bare, calls, false),
        "festoon" => sustained::run(name, festoon, calls, true),
        "hotpath" => {
            hotpath_on();
            sustained::run(name, hotpath, calls, false);
        }
        _ => return None,
    }
    Some(())
}

/// A recorder that is enabled for the first batch that needs it.
fn with<R>(recorder: fn(), call: impl Fn(u64) -> R + Sync) -> impl Fn(Range<u64>) + Sync {
    move |numbers| {
        recorder();
        for number in numbers {
            black_box(call(black_box(number)));
        }
    }
}

/// A subscriber that only enables the target `on`.
pub fn tracing_on() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let only_on = Targets::new().with_target("on", tracing::Level::TRACE);
        tracing_subscriber::registry().with(only_on).init();
    });
}

/// A reporter that drops everything.
fn fastrace_on() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| fastrace::set_reporter(Nowhere, Config::default()));
}

fn hotpath_on() {
    static ONCE: Once = Once::new();
    // The guard would print a report when dropped.
    ONCE.call_once(|| std::mem::forget(hotpath::HotpathGuardBuilder::new("bench").build()));
}

fn festoon_switched_off() {
    festoon_off.timing().set_enabled(false);
    result_festoon_off.timing().set_enabled(false);
}

struct Nowhere;

impl Reporter for Nowhere {
    fn report(&mut self, _: Vec<SpanRecord>) {}
}

/// A nanosecond of work. The black box keeps it in place: the optimizer moves arithmetic out from between two reads of
/// a clock.
#[inline(always)]
fn work(x: u64) -> u64 {
    black_box(mix(black_box(x)))
}

#[inline(always)]
fn mix(x: u64) -> u64 {
    x.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (x >> 29)
}

/// A chain of a few hundred nanoseconds.
#[inline(always)]
fn longer_work(x: u64) -> u64 {
    black_box((0..100).fold(black_box(x), |x, _| mix(x)))
}

/// The floor: two reads of the time stamp counter and one count in a thread-local log-linear histogram, plain stores.
struct Floor {
    start: u64,
}

const SUB_BUCKETS: u32 = 5;

thread_local! {
    static HISTOGRAM: [Cell<u64>; 2048] = const { [const { Cell::new(0) }; 2048] };
}

fn rdtsc() -> u64 {
    // SAFETY: every x86_64 processor has the instruction; it touches no memory.
    unsafe { core::arch::x86_64::_rdtsc() }
}

impl Floor {
    #[inline(always)]
    fn start() -> Self {
        Floor { start: rdtsc() }
    }
}

impl Drop for Floor {
    #[inline(always)]
    fn drop(&mut self) {
        count(rdtsc().saturating_sub(self.start));
    }
}

#[inline(always)]
fn count(value: u64) {
    let shift = (63 - (value | 63).leading_zeros()) - SUB_BUCKETS;
    let bucket = ((shift as usize) << SUB_BUCKETS) + (value >> shift) as usize;
    HISTOGRAM.with(|histogram| {
        let cell = &histogram[bucket & 2047];
        cell.set(cell.get() + 1);
    });
}

/// The functions of one suite: the same body under every recorder.
macro_rules! functions {
    ($work:ident: $bare:ident $two_reads:ident $instants:ident $floor:ident $festoon:ident $hotpath:ident $fastrace:ident $tracing:ident $filtered:ident) => {
        #[inline(never)]
        fn $bare(x: u64) -> u64 {
            $work(x)
        }

        #[inline(never)]
        fn $two_reads(x: u64) -> u64 {
            let start = rdtsc();
            let value = $work(x);
            black_box(rdtsc() - start);
            value
        }

        #[inline(never)]
        fn $instants(x: u64) -> u64 {
            let start = Instant::now();
            let value = $work(x);
            count(start.elapsed().as_nanos() as u64);
            value
        }

        #[inline(never)]
        fn $floor(x: u64) -> u64 {
            let _floor = Floor::start();
            $work(x)
        }

        #[festoon::timed]
        #[inline(never)]
        fn $festoon(x: u64) -> u64 {
            $work(x)
        }

        #[hotpath::measure]
        #[inline(never)]
        fn $hotpath(x: u64) -> u64 {
            $work(x)
        }

        #[fastrace::trace]
        #[inline(never)]
        fn $fastrace(x: u64) -> u64 {
            $work(x)
        }

        #[tracing::instrument(target = "on", level = "trace", skip_all)]
        #[inline(never)]
        fn $tracing(x: u64) -> u64 {
            $work(x)
        }

        #[tracing::instrument(target = "off", level = "trace", skip_all)]
        #[inline(never)]
        fn $filtered(x: u64) -> u64 {
            $work(x)
        }
    };
}

functions!(work: bare two_reads instants floor festoon hotpath fastrace tracing filtered);
functions!(longer_work: long_bare long_two_reads long_instants long_floor long_festoon long_hotpath long_fastrace long_tracing long_filtered);

#[festoon::timed]
#[inline(never)]
fn festoon_off(x: u64) -> u64 {
    work(x)
}

#[festoon::timed(sample = 1/16)]
#[inline(never)]
fn festoon_sampled(x: u64) -> u64 {
    work(x)
}

#[inline(never)]
fn result_bare(x: u64) -> Result<u64, u64> {
    Ok(work(x))
}

#[inline(never)]
fn result_floor(x: u64) -> Result<u64, u64> {
    let _floor = Floor::start();
    Ok(work(x))
}

#[festoon::timed]
#[inline(never)]
fn result_festoon(x: u64) -> Result<u64, u64> {
    Ok(work(x))
}

#[festoon::timed]
#[inline(never)]
fn result_festoon_off(x: u64) -> Result<u64, u64> {
    Ok(work(x))
}

#[tracing::instrument(target = "on", level = "trace", skip_all, err)]
#[inline(never)]
fn result_tracing(x: u64) -> Result<u64, u64> {
    Ok(work(x))
}

/// A hundred calls under each root span, the use case of fastrace.
fn under_roots(numbers: Range<u64>, call: impl Fn(u64) -> u64) {
    fastrace_on();
    let mut numbers = numbers.peekable();
    while numbers.peek().is_some() {
        let root = fastrace::Span::root("root", SpanContext::random());
        let _local = root.set_local_parent();
        for number in numbers.by_ref().take(100) {
            black_box(call(black_box(number)));
        }
    }
}

const PAUSE: Duration = Duration::from_millis(30);

fn tiny() -> Suite {
    Suite::new("timed: a function of a nanosecond")
        .case("bare", bare)
        .bare()
        .case("two rdtsc", two_reads)
        .case("floor", floor)
        .floor()
        .case("festoon", festoon)
        .batch("festoon, off", with(festoon_switched_off, festoon_off))
        .case("festoon, sampled 1/16", festoon_sampled)
        .batch("hotpath, bursts of 40,000", with(hotpath_on, hotpath))
        .bursts(40_000, PAUSE)
        .batch("fastrace, 100 calls a root", |numbers| under_roots(numbers, fastrace))
        .batch("fastrace, no root", with(fastrace_on, fastrace))
        .batch("tracing, registry", with(tracing_on, tracing))
        .batch("tracing, filtered out", with(tracing_on, filtered))
        .case("Instant x2 + histogram", instants)
}

fn results() -> Suite {
    Suite::new("timed: a function of a nanosecond that returns a Result")
        .case("bare", result_bare)
        .bare()
        .case("floor (does not tell errors apart)", result_floor)
        .floor()
        .case("festoon", result_festoon)
        .batch("festoon, off", with(festoon_switched_off, result_festoon_off))
        .batch("tracing, err, registry", with(tracing_on, result_tracing))
}

fn longer() -> Suite {
    Suite::new("timed: a function of some hundred nanoseconds")
        .case("bare", long_bare)
        .bare()
        .case("two rdtsc", long_two_reads)
        .case("floor", long_floor)
        .floor()
        .case("festoon", long_festoon)
        .batch("hotpath, bursts of 40,000", with(hotpath_on, long_hotpath))
        .bursts(40_000, PAUSE)
        .batch("fastrace, 100 calls a root", |numbers| under_roots(numbers, long_fastrace))
        .batch("tracing, registry", with(tracing_on, long_tracing))
        .batch("tracing, filtered out", with(tracing_on, long_filtered))
        .case("Instant x2 + histogram", long_instants)
}

async fn async_bare(x: u64) -> u64 {
    work(x)
}

async fn async_floor(x: u64) -> u64 {
    let _floor = Floor::start();
    work(x)
}

#[festoon::timed]
async fn async_festoon(x: u64) -> u64 {
    work(x)
}

#[hotpath::measure]
async fn async_hotpath(x: u64) -> u64 {
    work(x)
}

#[tracing::instrument(target = "on", level = "trace", skip_all)]
async fn async_tracing(x: u64) -> u64 {
    work(x)
}

fn asynchronous() -> Suite {
    Suite::new("timed: an async function that is ready at once")
        .batch("bare", awaited!(async_bare))
        .bare()
        .batch("floor", awaited!(async_floor))
        .floor()
        .batch("festoon", awaited!(async_festoon))
        .batch("hotpath, bursts of 40,000", awaited!(async_hotpath, hotpath_on))
        .bursts(40_000, PAUSE)
        .batch("tracing, registry", awaited!(async_tracing, tracing_on))
}
