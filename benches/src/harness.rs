//! All cases of a part in one process: one batch of each case per round, the order rotated from round to round, so that
//! a change of the machine's speed affects all of them; medians over the rounds, ratios within a round.

use std::hint::black_box;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use comfy_table::{CellAlignment, Table, presets};

/// How long to measure. A batch is shorter than a time slice, so that most batches are not interrupted, even on a busy
/// machine.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    pub batch: Duration,
}

impl Effort {
    pub const FULL: Effort = Effort { rounds: 41, batch: Duration::from_millis(1) };
    /// For a quiet machine: a batch is long enough to show how threads that share a lock affect each other.
    pub const LONG: Effort = Effort { rounds: 15, batch: Duration::from_millis(30) };
    pub const QUICK: Effort = Effort { rounds: 9, batch: Duration::from_millis(1) };
}

/// How often a batch is repeated because the system gave the processor to another program in the middle of it.
const ATTEMPTS: usize = 10;

type Batch = Box<dyn Fn(Range<u64>) + Sync>;

struct Case {
    name: &'static str,
    batch: Batch,
    /// At most this many calls in a row, then a pause: for recorders that queue what they see.
    burst: Option<(u64, Duration)>,
    calls: AtomicU64,
}

/// One table: the compared cases, and the case that they are compared with.
pub struct Suite {
    title: String,
    cases: Vec<Case>,
    /// The case without the measured feature; what the others add to it is shown and compared.
    bare: Option<usize>,
    floor: usize,
}

impl Suite {
    pub fn new(title: impl Into<String>) -> Self {
        Suite { title: title.into(), cases: Vec::new(), bare: None, floor: 0 }
    }

    /// A call that receives a running number.
    pub fn case<R>(self, name: &'static str, call: impl Fn(u64) -> R + Sync + 'static) -> Self {
        self.batch(name, move |numbers| {
            for number in numbers {
                black_box(call(black_box(number)));
            }
        })
    }

    /// A case with its own loop.
    pub fn batch(mut self, name: &'static str, batch: impl Fn(Range<u64>) + Sync + 'static) -> Self {
        self.cases.push(Case { name, batch: Box::new(batch), burst: None, calls: AtomicU64::new(0) });
        self
    }

    /// The previous case is the bare one.
    pub fn bare(mut self) -> Self {
        self.bare = Some(self.cases.len() - 1);
        self
    }

    /// The previous case is the one that the others are compared with.
    pub fn floor(mut self) -> Self {
        self.floor = self.cases.len() - 1;
        self
    }

    /// The previous case runs in bursts.
    pub fn bursts(mut self, calls: u64, pause: Duration) -> Self {
        if let Some(case) = self.cases.last_mut() {
            case.burst = Some((calls, pause));
        }
        self
    }

    /// Only the calls of one case; `None` if there is no such case.
    pub fn only_call(&self, case: &str, calls: u64) -> Option<()> {
        let case = self.cases.iter().find(|known| known.name == case)?;
        counted_calls(&case.batch, calls);
        Some(())
    }

    /// Measures on one and on two threads.
    pub fn run(&self, effort: Effort) -> String {
        let [one, two] = [1, 2].map(|threads| self.measure(threads, effort));
        format!("### {}\n\n{}\n", self.title, self.table(&one, &two))
    }

    /// Nanoseconds per call and thread: `[case][round]`.
    fn measure(&self, threads: usize, effort: Effort) -> Vec<Vec<f64>> {
        let together = Together::new(threads);
        let results = Mutex::new(vec![vec![0.0; effort.rounds]; self.cases.len()]);
        std::thread::scope(|scope| {
            for thread in 0..threads as u64 {
                let (together, results) = (&together, &results);
                scope.spawn(move || {
                    self.warm_up(thread, together, effort.batch);
                    for round in 0..effort.rounds {
                        for step in 0..self.cases.len() {
                            let at = (step + round) % self.cases.len();
                            let nanos = self.cases[at].measure(thread, round as u64, together);
                            results.lock().expect("no batch panics")[at][round] += nanos / threads as f64;
                        }
                    }
                });
            }
        });
        results.into_inner().expect("no batch panics")
    }

    /// Fills caches, and finds out how many calls make a batch. All threads run together: a lock is slower when it is
    /// shared.
    fn warm_up(&self, thread: u64, together: &Together, length: Duration) {
        for case in &self.cases {
            let limit = case.burst.map_or(1 << 26, |(calls, _)| calls);
            let mut calls = 256.min(limit);
            loop {
                case.calls.store(calls, Relaxed);
                let nanos = case.batch(thread, 0, together) * calls as f64;
                together.barrier.wait();
                if thread == 0 {
                    let wanted = calls as f64 * length.as_nanos() as f64 / nanos;
                    let next = if wanted > 8.0 * calls as f64 { calls * 8 } else { wanted as u64 + 1 };
                    case.calls.store(next.min(limit), Relaxed);
                }
                together.barrier.wait();
                let next = case.calls.load(Relaxed);
                if next < calls * 8 || next == limit {
                    break;
                }
                calls = next;
            }
        }
    }

    fn table(&self, one: &[Vec<f64>], two: &[Vec<f64>]) -> Table {
        let floor = self.cases[self.floor].name;
        let mut header = vec!["ns per call and thread".to_owned()];
        for threads in ["1 thread", "2 threads"] {
            header.extend([threads.to_owned(), "min".to_owned()]);
            header.extend(self.bare.map(|_| "adds".to_owned()));
            header.push(format!("of {floor}"));
        }
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN).set_header(header);
        for (at, case) in self.cases.iter().enumerate() {
            let cells = [one, two].into_iter().flat_map(|rounds| self.cells(rounds, at));
            table.add_row(std::iter::once(case.name.to_owned()).chain(cells).collect::<Vec<_>>());
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }

    /// Median, minimum, what it adds to the bare case, and the ratio to the floor: of what both add if there is a bare
    /// case. Differences and ratios are taken within each round.
    fn cells(&self, rounds: &[Vec<f64>], at: usize) -> Vec<String> {
        let bare = |round: usize| self.bare.map_or(0.0, |bare| rounds[bare][round]);
        let over = |case: usize| (0..rounds[case].len()).map(move |round| rounds[case][round] - bare(round));
        let ratio = median(over(at).zip(over(self.floor)).map(|(ours, floor)| ours / floor));
        let mut cells = vec![nanos(median(rounds[at].iter().copied())), nanos(min(&rounds[at]))];
        cells.extend(self.bare.map(|_| nanos(median(over(at)))));
        cells.push(if self.bare == Some(at) { "-".to_owned() } else { format!("{ratio:.2}") });
        cells
    }
}

/// The calls whose instructions `instructions.sh` counts.
#[inline(never)]
fn counted_calls(batch: &Batch, calls: u64) {
    batch(0..calls);
}

impl Case {
    /// An undisturbed batch on this thread, if there is one: nanoseconds per call.
    fn measure(&self, thread: u64, round: u64, together: &Together) -> f64 {
        let mut best = f64::INFINITY;
        // Loads what the previous cases have evicted from the processor's caches, outside of the measurement.
        if self.burst.is_none() {
            self.batch(thread, round, together);
        }
        for _ in 0..ATTEMPTS {
            let before = preemptions();
            let nanos = self.batch(thread, round, together);
            let disturbed = together.any(preemptions() != before);
            best = if disturbed { best.min(nanos) } else { nanos };
            if !disturbed {
                break;
            }
        }
        best
    }

    /// One batch on this thread: nanoseconds per call.
    fn batch(&self, thread: u64, round: u64, together: &Together) -> f64 {
        let calls = self.calls.load(Relaxed);
        let first = thread * 0x9e37_79b9_7f4a + round * calls;
        together.start();
        let start = Instant::now();
        (self.batch)(first..first + calls);
        let elapsed = start.elapsed();
        if let Some((_, pause)) = self.burst {
            std::thread::sleep(pause);
        }
        elapsed.as_nanos() as f64 / calls as f64
    }
}

/// The threads of one measurement.
struct Together {
    threads: u64,
    barrier: Barrier,
    arrived: AtomicU64,
    any: AtomicBool,
}

impl Together {
    fn new(threads: usize) -> Self {
        let (barrier, arrived) = (Barrier::new(threads), AtomicU64::new(0));
        Together { threads: threads as u64, barrier, arrived, any: AtomicBool::new(false) }
    }

    /// Starts all threads at the same moment: once they are awake, they spin until all of them are.
    fn start(&self) {
        self.barrier.wait();
        let mine = self.arrived.fetch_add(1, Relaxed);
        let all = (mine / self.threads + 1) * self.threads;
        while self.arrived.load(Relaxed) < all {
            std::hint::spin_loop();
        }
    }

    /// Is this true for any thread? All of them get the same answer.
    fn any(&self, mine: bool) -> bool {
        self.any.fetch_or(mine, Relaxed);
        self.barrier.wait();
        let any = self.any.load(Relaxed);
        self.barrier.wait();
        self.any.store(false, Relaxed);
        any
    }
}

/// How often the system has taken the processor from this thread; constant if there is no /proc.
fn preemptions() -> u64 {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let count = status.lines().find_map(|line| line.strip_prefix("nonvoluntary_ctxt_switches:"));
    count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn min(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

fn nanos(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        _ => format!("{value:.1}"),
    }
}

/// Runs a future on this thread's tokio runtime.
pub fn block_on<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime can be made");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// A batch that awaits one call after another, on this thread's runtime.
macro_rules! awaited {
    ($call:expr $(, $first:path)?) => {
        move |numbers: std::ops::Range<u64>| {
            $($first();)?
            $crate::harness::block_on(async {
                for number in numbers {
                    let _ = std::hint::black_box($call(std::hint::black_box(number)).await);
                }
            })
        }
    };
}
pub(crate) use awaited;
