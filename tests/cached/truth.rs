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

/// Several processes, which are killed and held up at any moment: the one who holds a lease among them.
mod processes {
    use std::process::Child;
    use std::sync::OnceLock;
    use std::time::Instant;

    use festoon::{Decorated, cached};

    use super::super::server::{self, Server, given, other_process, signal_process};
    use super::{KEYS, length};

    static AT: OnceLock<String> = OnceLock::new();

    fn address() -> String {
        given().unwrap_or_else(|| AT.get().unwrap().clone())
    }

    /// A number that the server keeps, past festoon.
    fn number(what: &str, key: usize) -> u64 {
        thread_local! {
            static CONNECTION: std::cell::RefCell<Option<redis::Connection>> = const { std::cell::RefCell::new(None) };
        }
        CONNECTION.with_borrow_mut(|connection| {
            let connect = || redis::Client::open(address()).unwrap().get_connection().unwrap();
            let mut get = redis::cmd("GET");
            let found: Option<u64> =
                get.arg(format!("{what}-{key}")).query(connection.get_or_insert_with(connect)).unwrap();
            found.unwrap_or(0)
        })
    }

    #[cached(store = redis(address(), timeout = 10s, lease = 300ms, wait = 200ms))]
    fn shared(key: usize) -> u64 {
        let value = number("truth", key);
        // Long enough for a write to come in between, every now and then.
        for _ in 0..spread(value) {
            std::hint::spin_loop();
        }
        value
    }

    fn spread(value: u64) -> u64 {
        value.wrapping_mul(6_364_136_223_846_793_005) >> 50
    }

    /// What the other processes do, until they are told to stop.
    #[test]
    fn child() {
        if given().is_none() {
            return;
        }
        let stop = std::thread::spawn(|| std::io::stdin().read_line(&mut String::new()));
        let mut reads = 0_u64;
        while !stop.is_finished() {
            let key = usize::try_from(reads % KEYS as u64).unwrap();
            let floor = number("floor", key);
            let value = shared(key);
            assert!(value >= floor, "key {key}: {value} was read, {floor} had been written before");
            reads += 1;
        }
        println!("READS {reads}");
    }

    fn start(server: &Server) -> Child {
        other_process("cached::truth::processes::child", &server.url(), None)
    }

    fn end(mut child: Child) -> u64 {
        drop(child.stdin.take());
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        let reads = text.lines().find_map(|line| line.split_once("READS "));
        reads.unwrap_or_else(|| panic!("{text}")).1.trim().parse().unwrap()
    }

    #[test]
    fn of_processes_that_are_killed_and_held_up() {
        let Some(server) = server::start() else { return };
        AT.set(server.url()).unwrap();
        let mut children: Vec<Child> = (0..4).map(|_| start(&server)).collect();
        server::soon("a value", || !server.names().is_empty());
        let (begun, mut step) = (Instant::now(), 0_usize);
        while begun.elapsed() < length() {
            step += 1;
            let key = step % KEYS;
            let value: u64 = server.command(&format!("INCR truth-{key}"));
            if step.is_multiple_of(50) {
                shared.cache().clear();
            } else {
                shared.cache().invalidate((key,));
            }
            server.command::<()>(&format!("SET floor-{key} {value}"));
            let child = step / 200 % children.len();
            match step % 200 {
                70 => signal_process("STOP", children[child].id()),
                0 => {
                    signal_process("KILL", children[child].id());
                    children[child].wait().unwrap();
                    children[child] = start(&server);
                }
                100 => children.iter().for_each(|child| signal_process("CONT", child.id())),
                _ => {}
            }
        }
        children.iter().for_each(|child| signal_process("CONT", child.id()));
        let reads: u64 = children.into_iter().map(end).sum();
        assert!(reads > 20, "{reads} reads");
        assert_eq!(shared.cache().info().store_errors, 0);
    }
}
