//! Memory: small for a function that a thread has called a few times, and reused when the thread ends.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;

use festoon::{Decorated, timed};

/// Threads that end give their counts to all other threads, and nothing is lost or doubled meanwhile.
#[test]
fn counts_never_go_back_while_threads_come_and_go() {
    #[timed]
    fn work() {}
    #[timed]
    fn other() {}
    const ROUNDS: u64 = 200;
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = (0, 0);
            while !is_over.load(SeqCst) {
                let now = (work.timing().calls(), other.timing().calls());
                assert!(now.0 >= last.0 && now.1 >= last.1, "{now:?} after {last:?}");
                last = now;
            }
        });
        for round in 0..ROUNDS {
            let threads: Vec<_> = (0..4)
                .map(|thread| {
                    scope.spawn(move || {
                        // What one thread leaves is another function's next time.
                        let called = if (round + thread) % 2 == 0 { work } else { other };
                        (0..100).for_each(|_| called());
                    })
                })
                .collect();
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        }
        is_over.store(true, SeqCst);
        reader.join().unwrap();
    });
    assert_eq!((work.timing().calls(), other.timing().calls()), (ROUNDS * 200, ROUNDS * 200));
    let report = festoon::timing::report();
    let row = report.rows().iter().find(|row| row.name.ends_with("come_and_go::work")).unwrap();
    assert_eq!(row.histogram.iter().map(|bucket| bucket.count).sum::<u64>(), ROUNDS * 200);
}

/// What a thread that has ended has spent in timed calls is not the next one's.
#[test]
fn own_times_stay_apart_when_shards_are_used_again() {
    use festoon::testing;
    use std::time::Duration;

    #[timed]
    fn outer(clock: &testing::Handle) {
        inner(clock);
        clock.advance(Duration::from_millis(1));
    }
    #[timed]
    fn inner(clock: &testing::Handle) {
        clock.advance(Duration::from_millis(2));
    }
    for _ in 0..20 {
        thread::spawn(|| {
            let clock = testing::clock();
            outer(&clock);
            inner(&clock);
        })
        .join()
        .unwrap();
    }
    super::assert_about(outer.timing().self_time(), Duration::from_millis(20));
    super::assert_about(outer.timing().total(), Duration::from_millis(60));
    super::assert_about(inner.timing().self_time(), Duration::from_millis(80));
}

/// In a process of its own: what is resident after so many threads have called so many functions.
#[cfg(target_os = "linux")]
mod resident {
    use std::env;
    use std::hint::black_box;
    use std::process::Command;

    use festoon::__private::Place;
    use festoon::__private::timed::{Call, Settings, TimedSite};
    use festoon::timing;

    use super::{AtomicU64, Barrier, SeqCst, thread};
    use crate::programs;

    fn resident_kib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// As the expansions of so many functions have them.
    fn functions(from: usize, count: usize) -> Vec<(&'static TimedSite, &'static str)> {
        let here = Place::new(file!(), line!(), column!(), None);
        let site = |n| {
            let name: &str = Box::leak(format!("memory::functions::f{n}::{{{{closure}}}}").into_boxed_str());
            (&*Box::leak(Box::new(TimedSite::new(Settings::NONE, here))), name)
        };
        (from..from + count).map(site).collect()
    }

    /// A few calls, of a few different lengths.
    fn call_a_few_times(functions: &[(&'static TimedSite, &'static str)]) {
        for &(site, inside) in functions {
            for length in [0, 10, 300, 0, 0] {
                let mut call = Call::unmeasured();
                let _timer = call.start(site, inside);
                (0..length).for_each(|n| _ = black_box(n));
            }
        }
    }

    /// While all threads are there.
    static PEAK: AtomicU64 = AtomicU64::new(0);

    fn all_at_once(threads: usize, count: usize) {
        let (functions, barrier) = (functions(0, count), Barrier::new(threads));
        thread::scope(|scope| {
            for _ in 0..threads {
                let thread = thread::Builder::new().stack_size(128 * 1024);
                let called = || {
                    call_a_few_times(&functions);
                    if barrier.wait().is_leader() {
                        PEAK.store(resident_kib(), SeqCst);
                    }
                    barrier.wait();
                };
                thread.spawn_scoped(scope, called).unwrap();
            }
        });
    }

    fn one_after_the_other(threads: usize, count: usize) {
        for thread in 0..threads {
            let functions = functions(thread * count, count);
            thread::spawn(move || call_a_few_times(&functions)).join().unwrap();
        }
    }

    #[test]
    #[ignore = "is run by the other tests, as a program of its own"]
    fn the_program() {
        let Ok(case) = env::var("TIMED_MEMORY") else { return };
        let before = resident_kib();
        let calls = match case.as_str() {
            "512 threads, 100 functions" => {
                all_at_once(512, 100);
                512 * 100 * 5
            }
            "8 threads, 10,000 functions" => {
                all_at_once(8, 10_000);
                8 * 10_000 * 5
            }
            "100 threads in turn, 100 functions each" => {
                one_after_the_other(100, 100);
                100 * 100 * 5
            }
            other => unreachable!("no case {other}"),
        };
        let grown = PEAK.load(SeqCst).max(resident_kib()) - before;
        let counted: u64 = timing::report().rows().iter().map(|row| row.outcomes.success()).sum();
        assert_eq!(counted, calls);
        println!("grown by {grown} KiB");
    }

    #[test]
    fn few_calls_take_little_memory_whatever_the_number_of_threads_and_functions() {
        for (case, limit) in [
            ("512 threads, 100 functions", 60),
            ("8 threads, 10,000 functions", 80),
            ("100 threads in turn, 100 functions each", 20),
        ] {
            let mut program = Command::new(env::current_exe().unwrap());
            program.args(["--exact", "timed::memory::resident::the_program", "--ignored", "--nocapture"]);
            let output = programs::output(program.env("TIMED_MEMORY", case)).unwrap();
            let stdout = String::from_utf8_lossy(&output.stdout);
            let grown: u64 = stdout
                .split("grown by ")
                .nth(1)
                .and_then(|text| text.split(' ').next()?.parse().ok())
                .unwrap_or_else(|| panic!("{case}: {stdout}\n{}", String::from_utf8_lossy(&output.stderr)));
            println!("{case}: {} MB", grown / 1000);
            assert!(grown < limit * 1000, "{case}: {grown} KiB");
        }
    }
}
