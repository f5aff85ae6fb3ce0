//! Many calls without a pause: how much a recorder stores, and which threads work.

use std::fs::read_to_string;
use std::hint::black_box;

/// A process, as Linux sees it.
struct Process {
    cpu_seconds: f64,
    resident_kib: u64,
    threads: u64,
}

impl Process {
    fn now() -> Self {
        let status = read_to_string("/proc/self/status").expect("this needs Linux");
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        let stat = read_to_string("/proc/self/stat").expect("this needs Linux");
        // After the name, which may have spaces; user and system time in hundredths of a second.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |at: usize| fields[at].parse::<f64>().unwrap_or(0.0);
        Process {
            cpu_seconds: (ticks(11) + ticks(12)) / 100.0,
            resident_kib: number("VmRSS:"),
            threads: number("Threads:"),
        }
    }
}

/// This many calls on each of two threads. `is_ours`: fails if memory grows or another thread works.
pub fn run(name: &str, call: fn(u64) -> u64, calls: u64, is_ours: bool) {
    let make = |calls: u64| {
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..calls).for_each(|number| _ = black_box(call(black_box(number)))));
            }
        });
        Process::now()
    };
    // One-time allocations are done.
    let before = make(calls / 100);
    let after = make(calls);
    let nanos = (after.cpu_seconds - before.cpu_seconds) * 1e9 / (2 * calls) as f64;
    let grown = after.resident_kib.saturating_sub(before.resident_kib);
    println!("| {name} | {calls} | {nanos:.1} | {} | {grown} | {} |", after.resident_kib, after.threads - 1);
    if is_ours {
        assert!(grown < 256, "{grown} KiB more");
        assert_eq!(after.threads, 1, "somebody works in the background");
    }
}
