//! `timing::Allocator`: what each function has allocated. A program of its own, since a program has one allocator.
#![allow(
    clippy::unused_async,
    clippy::items_after_statements,
    clippy::infinite_iter,
    reason = "tests say things as users do"
)]

mod polls;

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::panic;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use festoon::timing::Allocations;
use festoon::{Decorated, retry, testing, timed, timing};

/// Tells which methods of the inner allocator are called.
struct Inner;

static ZEROED: AtomicU64 = AtomicU64::new(0);
static MOVED: AtomicU64 = AtomicU64::new(0);

// SAFETY: it passes on what it gets, and returns what it is given.
#[allow(unsafe_code, reason = "an allocator")]
unsafe impl GlobalAlloc for Inner {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ZEROED.fetch_add(1, Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        MOVED.fetch_add(1, Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static GLOBAL: timing::Allocator<Inner> = timing::Allocator::new(Inner);

/// Allocates this many bytes at once.
fn take(bytes: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(bytes))
}

/// `[count, bytes, self_count, self_bytes]`
fn of(allocations: Option<Allocations>) -> [u64; 4] {
    let Allocations { count, bytes, self_count, self_bytes, .. } = allocations.expect("the allocator is installed");
    [count, bytes, self_count, self_bytes]
}

/// What `f.timing()` has told.
macro_rules! told {
    ($($f:ident)::+) => {
        $crate::of($($f)::+.timing().allocations())
    };
}
use told;

#[test]
fn a_function_is_charged_for_what_it_allocates() {
    #[timed]
    fn two() {
        drop((take(100), take(20)));
    }

    #[timed]
    fn nothing() -> u32 {
        black_box(3)
    }

    for calls in 1..=40 {
        two();
        nothing();
        // After 16 calls, measuring itself allocates a histogram.
        assert_eq!(told!(two), [2 * calls, 120 * calls, 2 * calls, 120 * calls]);
    }
    assert_eq!(told!(nothing), [0; 4]);
}

#[test]
fn growing_counts_what_was_added_and_shrinking_nothing() {
    #[timed]
    fn grow() {
        let mut bytes = take(100);
        bytes.reserve_exact(300);
        bytes.shrink_to(10);
        black_box(bytes);
    }

    #[timed]
    fn zeroed() {
        black_box(vec![0_u8; 50_000]);
    }

    let before = (MOVED.load(Relaxed), ZEROED.load(Relaxed));
    grow();
    zeroed();
    assert_eq!(told!(grow), [2, 300, 2, 300]);
    assert_eq!(told!(zeroed), [1, 50_000, 1, 50_000]);
    assert!(MOVED.load(Relaxed) >= before.0 + 2 && ZEROED.load(Relaxed) > before.1, "all methods are passed on");
}

#[test]
fn functions_inside_are_in_the_total_and_not_in_self() {
    #[timed]
    fn inner() {
        drop(take(10));
    }

    #[timed]
    fn middle() {
        inner();
        drop(take(200));
        inner();
    }

    #[timed]
    fn outer() {
        drop(take(3000));
        middle();
        inner();
    }

    outer();
    assert_eq!(told!(inner), [3, 30, 3, 30]);
    assert_eq!(told!(middle), [3, 220, 1, 200]);
    assert_eq!(told!(outer), [5, 3230, 1, 3000]);
}

#[test]
fn recursion_counts_once() {
    #[timed]
    fn down(depth: u32) {
        drop(take(10));
        if depth > 1 {
            across(depth - 1);
        }
    }

    #[timed]
    fn across(depth: u32) {
        drop(take(100));
        down(depth);
    }

    down(100);
    assert_eq!(told!(down), [199, 100 * 10 + 99 * 100, 100, 1000]);
    assert_eq!(told!(across), [198, 99 * 110, 99, 9900]);
}

#[test]
fn a_panic_is_charged_for_what_came_before_it() {
    #[timed]
    fn fails() {
        drop(take(64));
        // Without the hook, which would write a message. Two allocations: what is thrown, and its box.
        panic::resume_unwind(Box::new([0_u64; 2]));
    }

    #[timed]
    fn catches() -> bool {
        panic::catch_unwind(fails).is_err()
    }

    assert!(catches());
    let [count, bytes, self_count, self_bytes] = told!(fails);
    assert_eq!((count, self_count), (3, 3));
    assert!(bytes >= 64 + 16 && self_bytes == bytes, "{bytes}");
    assert_eq!(told!(catches), [3, bytes, 0, 0]);
}

#[test]
fn threads_add_up_and_what_ends_is_kept() {
    #[timed]
    fn work() {
        drop(take(8));
    }

    for _ in 0..100 {
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(|| (0..50).for_each(|_| work()))).collect();
        for thread in threads {
            thread.join().unwrap();
        }
    }
    assert_eq!(told!(work), [20_000, 160_000, 20_000, 160_000]);
}

#[test]
fn destructors_of_thread_locals_allocate() {
    #[timed]
    fn late() {
        drop(take(32));
    }

    struct AtExit;

    impl Drop for AtExit {
        fn drop(&mut self) {
            late();
            drop(take(1 << 20));
        }
    }

    thread_local! { static AT_EXIT: AtExit = const { AtExit }; }

    for _ in 0..20 {
        std::thread::spawn(|| {
            AT_EXIT.with(|_| ());
            late();
        })
        .join()
        .unwrap();
    }
    // What a thread calls while it ends counts as far as its stack of calls is still there.
    assert_eq!(late.timing().calls(), 40);
    let [count, bytes, ..] = told!(late);
    assert!((20..=40).contains(&count) && bytes == 32 * count, "{count} {bytes}");
}

#[test]
fn scopes_that_are_dropped_in_another_order() {
    #[timed]
    fn around() {
        let first = timing::scope!("first");
        drop(take(1));
        let second = timing::scope!("second");
        drop(take(10));
        drop(first);
        drop(take(100));
        drop(second);
        drop(take(1000));
    }

    around();
    let report = timing::report();
    let row = |name| of(report.row(name).unwrap().allocations);
    assert_eq!(row("first"), [2, 11, 1, 1]);
    assert_eq!(row("second"), [2, 110, 2, 110]);
    assert_eq!(told!(around), [4, 1111, 1, 1000]);
}

#[test]
fn what_measuring_allocates_does_not_count() {
    #[timed(warn_over = 1h, args(text))]
    fn measured(text: &str) -> usize {
        black_box(text.len())
    }

    #[timed]
    fn around() {
        // New threads, functions and observers: tables, rows, histograms.
        for _ in 0..64 {
            measured("x");
        }
        let _scope = timing::scope!("a block that nobody has seen");
    }

    timing::record_tree(true);
    timing::track_in_flight(true);
    for _ in 0..8 {
        std::thread::spawn(around).join().unwrap();
    }
    timing::track_in_flight(false);
    timing::record_tree(false);
    assert_eq!((told!(measured), told!(around)), ([0; 4], [0; 4]));
}

#[test]
fn a_recorder_has_its_own() {
    #[timed]
    fn work() {
        drop(take(16));
    }

    work();
    {
        let recorder = testing::recorder();
        work();
        work();
        assert_eq!(of(recorder.timing(&work).allocations()), [2, 32, 2, 32]);
    }
    assert_eq!(told!(work), [1, 16, 1, 16]);
}

#[test]
fn attempts_belong_to_the_function() {
    #[timed]
    #[retry(attempts = 3, wait = fixed(0s))]
    fn fails() -> Result<(), u8> {
        drop(take(16));
        Err(1)
    }

    assert!(fails().is_err());
    let [count, bytes, ..] = told!(fails);
    assert!(count >= 3 && bytes >= 48, "{count} {bytes}");
}

#[test]
fn sampled_functions_are_measured_in_full() {
    #[timed(sample = 1/16)]
    fn sampled() {
        drop(take(16));
    }

    (0..1000).for_each(|_| sampled());
    assert_eq!(told!(sampled), [1000, 16_000, 1000, 16_000]);
}

#[test]
fn every_format_has_them() {
    #[timed(name = "shown")]
    fn shown() {
        shown_inside();
        drop(take(1500));
    }

    #[timed(name = "shown inside")]
    fn shown_inside() {
        drop(take(7));
    }

    shown();
    let report = timing::report();
    let table = report.to_string();
    assert!(["allocs", "bytes", "self allocs", "self bytes"].iter().all(|title| table.contains(title)), "{table}");
    let line = table.lines().find(|line| line.starts_with(" shown ") && !line.contains("inside")).unwrap();
    assert!(line.contains("2  1.50kB            1      1.50kB"), "{table}");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    let row = json["functions"].as_array().unwrap().iter().find(|row| row["name"] == "shown").unwrap();
    let expected = serde_json::json!({"count": 2, "bytes": 1507, "self_count": 1, "self_bytes": 1500});
    assert_eq!(row["allocations"], expected);
    let text = festoon::metrics::collect().to_prometheus();
    for line in [
        "festoon_allocations_total{function=\"shown\"} 2",
        "festoon_allocated_bytes_total{function=\"shown\"} 1507",
        "festoon_self_allocations_total{function=\"shown\"} 1",
        "festoon_self_allocated_bytes_total{function=\"shown\"} 1500",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\nin\n{text}");
    }
    promtool_accepts(&text);
    assert!(report.to_html().contains(">self bytes</button>"));
}

/// Where it is installed.
fn promtool_accepts(text: &str) {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let start =
        Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut promtool) = start else { return eprintln!("no promtool: the metrics are not checked by it") };
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_function_that_was_never_called_has_none() {
    #[timed]
    fn unused() {}

    let _ = unused as fn();
    assert_eq!(told!(unused), [0; 4]);
}
