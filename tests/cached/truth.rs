//! Readers and writers over a wire that breaks all the time: no value is older than the last write that had ended when the
//! call began. `ATTACK_SECONDS=600` makes it a long test.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use festoon::cached;

use super::proxy::{Proxy, Wire};
use super::server::{self, Server};

const KEYS: usize = 8;

/// What a function reads, and what it must not be older than.
struct Truth {
    values: [AtomicU64; KEYS],
    /// The value after the last write that has ended, its invalidation included.
    floors: [AtomicU64; KEYS],
    reads: AtomicU64,
}

impl Truth {
    const fn new() -> Self {
        Truth {
            values: [const { AtomicU64::new(0) }; KEYS],
            floors: [const { AtomicU64::new(0) }; KEYS],
            reads: AtomicU64::new(0),
        }
    }

    fn read(&self, key: usize) -> u64 {
        let value = self.values[key].load(SeqCst);
        std::thread::yield_now();
        value
    }

    fn write(&self, key: usize, forget: impl FnOnce()) {
        let value = self.values[key].fetch_add(1, SeqCst) + 1;
        forget();
        self.floors[key].fetch_max(value, SeqCst);
    }

    fn check(&self, key: usize, call: impl FnOnce() -> u64) {
        let floor = self.floors[key].load(SeqCst);
        let value = call();
        assert!(value >= floor, "key {key}: {value} was read, {floor} had been written before");
        self.reads.fetch_add(1, SeqCst);
    }
}

fn length() -> Duration {
    let seconds = std::env::var("ATTACK_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(2))
}

/// Says so when it is dropped, also by a panic.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// What the operations of one function are.
struct Subject {
    truth: &'static Truth,
    call: fn(usize) -> u64,
    refresh: fn(usize) -> u64,
    invalidate: fn(usize),
    clear: fn(),
}

impl Subject {
    fn attack(&self, proxy: Option<&Proxy>) {
        let (start, done) = (Instant::now(), AtomicBool::new(false));
        let is_over = || done.load(SeqCst) || start.elapsed() > length();
        std::thread::scope(|scope| {
            for thread in 0..6 {
                let (done, is_over) = (&done, &is_over);
                scope.spawn(move || {
                    let _ends = Ends(done);
                    let mut step = thread;
                    while !is_over() {
                        step += 7;
                        self.one(step);
                    }
                });
            }
            let wires = [
                Wire::Whole,
                Wire::CutAfter(500),
                Wire::Whole,
                Wire::Slow(Duration::from_millis(3)),
                Wire::Refuse,
                Wire::Whole,
                Wire::BlackHole,
            ];
            for wire in wires.iter().cycle() {
                if is_over() {
                    break;
                }
                if let Some(proxy) = proxy {
                    proxy.becomes(*wire);
                    if *wire == Wire::Refuse || *wire == Wire::Whole {
                        proxy.hang_up();
                    }
                }
                std::thread::park_timeout(Duration::from_millis(120));
            }
        });
        assert!(self.truth.reads.load(SeqCst) > 100, "hardly anything was read");
    }

    fn one(&self, step: usize) {
        let key = step % KEYS;
        match step / KEYS % 40 {
            0 => self.truth.write(key, || (self.invalidate)(key)),
            1 => self.truth.check(key, || (self.refresh)(key)),
            2 if step.is_multiple_of(5) => self.truth.write(key, self.clear),
            _ => self.truth.check(key, || (self.call)(key)),
        }
    }
}

macro_rules! attacked {
    ($name:ident, $start:expr, $($store:tt)*) => {
        #[test]
        fn $name() {
            use festoon::Decorated;
            static TRUTH: Truth = Truth::new();

            #[cached(store = $($store)*)]
            fn value(key: usize) -> u64 {
                TRUTH.read(key)
            }

            let Some((_server, proxy)) = $start else { return };
            let subject = Subject {
                truth: &TRUTH,
                call: value,
                refresh: |key| value.cache().refresh((key,)),
                invalidate: |key| _ = value.cache().invalidate((key,)),
                clear: || value.cache().clear(),
            };
            subject.attack(proxy.as_ref());
        }
    };
}

static REDIS: OnceLock<String> = OnceLock::new();
static TIERED: OnceLock<String> = OnceLock::new();

fn start(at: &OnceLock<String>) -> Option<(Server, Option<Proxy>)> {
    let server = server::start()?;
    let proxy = Proxy::to(server.port());
    at.set(proxy.url()).unwrap();
    Some((server, Some(proxy)))
}

fn address(at: &OnceLock<String>) -> String {
    at.get().unwrap().clone()
}

/// Gone with the test.
struct Gone(std::path::PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn file() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("festoon-truth-{}.redb", std::process::id()))
}

attacked!(on_redis, start(&REDIS), redis(address(&REDIS), timeout = 100ms, lease = 300ms, wait = 200ms));
attacked!(
    tiered,
    start(&TIERED),
    tiered(memory, redis(address(&TIERED), timeout = 100ms, lease = 300ms, wait = 200ms))
);
attacked!(on_disk, Some((Gone(file()), None::<Proxy>)), disk(file()));
