//! `#[offload(process)]`: calls in worker processes, and every way in which one ends.

mod ends;

use std::collections::BTreeSet;
use std::io::BufRead;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use festoon::process::{PoolStats, is_worker, pools};
use festoon::{Blocking, Decorated, Each, WorkerError, cached, deadline, offload, retry, timed, timeout};
use futures::FutureExt;
use futures::executor::block_on;
use serde::{Deserialize, Serialize};

festoon::process::test_worker!();

/// Nothing waits that long unless it is broken.
const LONG: Duration = Duration::from_secs(60);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum ShopError {
    SoldOut(String),
    Worker(WorkerError),
}

impl From<WorkerError> for ShopError {
    fn from(error: WorkerError) -> Self {
        ShopError::Worker(error)
    }
}

/// Is there a process with that number which is not merely waiting to be reaped?
fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, state)| !state.trim_start().starts_with(['Z', 'X']))
}

#[track_caller]
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "still not so: {what}");
        std::thread::yield_now();
    }
}

fn stats(workers: usize) -> PoolStats {
    pools().into_iter().find(|pool| pool.workers == workers).unwrap()
}

#[offload(process, workers = 2)]
fn pid() -> Result<u32, WorkerError> {
    Ok(std::process::id())
}

#[test]
fn it_runs_in_another_process_and_returns_what_the_plain_function_does() {
    #[offload(process)]
    fn order(item: String, (count, _): (u32, u8), mut notes: Vec<String>) -> Result<(String, u32), ShopError> {
        notes.push("late".to_owned());
        if count == 0 {
            return Err(ShopError::SoldOut(notes.join(" ")));
        }
        assert!(is_worker());
        Ok((item, count * 2))
    }
    assert_ne!(block_on(pid()), Ok(std::process::id()));
    assert_eq!(block_on(order("tea".to_owned(), (2, 0), Vec::new())), Ok(("tea".to_owned(), 4)));
    let sold_out = block_on(order("tea".to_owned(), (0, 0), vec!["rush".to_owned()]));
    assert_eq!(sold_out, Err(ShopError::SoldOut("rush late".to_owned())));
    assert!(!is_worker());
}

/// Ends in the way that its argument names.
#[expect(unsafe_code, reason = "a segmentation fault needs it")]
#[offload(process, workers = 3, memory = 1gb)]
fn end(how: String) -> Result<String, WorkerError> {
    fn deeper(depth: u64) -> u64 {
        let frame = std::hint::black_box([depth; 512]);
        if frame[0] == u64::MAX { 0 } else { deeper(depth + 1) + frame[1] }
    }
    match how.as_str() {
        // SAFETY: it is not safe, which is the point.
        "segmentation fault" => unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) },
        "abort" => std::process::abort(),
        "exit" => std::process::exit(3),
        "panic" => panic!("no tea for {how}"),
        "any panic" => std::panic::panic_any(7),
        "stack overflow" => _ = std::hint::black_box(deeper(0)),
        "out of memory" => _ = std::hint::black_box(vec![1_u8; 2 << 30]),
        _ => {}
    }
    Ok(how)
}

/// A file in which a call leaves the number of its process.
fn note(name: &str) -> String {
    let path = std::env::temp_dir().join(format!("festoon-{name}-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path.to_str().unwrap().to_owned()
}

fn noted(path: &str) -> u32 {
    let read = || std::fs::read_to_string(path).ok()?.strip_suffix('\n')?.parse().ok();
    eventually("the call has begun", || read().is_some());
    let pid = read().unwrap();
    std::fs::remove_file(path).unwrap();
    pid
}

#[test]
fn there_are_no_more_workers_than_asked_for() {
    let calls = futures::future::join_all((0..100).map(|_| pid()));
    let pids: BTreeSet<u32> = block_on(calls).into_iter().map(Result::unwrap).collect();
    assert!(pids.len() <= 2, "{pids:?}");
    assert!(stats(2).alive <= 2);
}

#[test]
#[expect(unsafe_code, reason = "the C library's figures need it")]
fn settings_apply_to_the_worker() {
    #[offload(process, workers = 1, nice = 7, memory = 512mb)]
    fn settings() -> Result<(i32, u64), WorkerError> {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: both only read figures of this process; the limit is written to a valid place.
        let niceness = unsafe {
            libc::getrlimit(libc::RLIMIT_AS, &raw mut limit);
            libc::getpriority(libc::PRIO_PROCESS, 0)
        };
        Ok((niceness, limit.rlim_cur))
    }
    // SAFETY: as above.
    let own = unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) };
    assert_eq!(block_on(settings()), Ok(((own + 7).min(19), 512 << 20)));
}

#[test]
fn arguments_and_results_may_be_large() {
    #[offload(process)]
    fn twice(text: String, bytes: Vec<u8>) -> Result<(String, Vec<u8>), WorkerError> {
        Ok((text.repeat(2), bytes))
    }
    for size in [0, 1, 60_000, 65_536, 65_537, 1 << 20, 5 << 20] {
        let (text, bytes) = ("é".repeat(size / 2), vec![200; size]);
        let (doubled, same) = block_on(twice(text.clone(), bytes.clone())).unwrap();
        assert!(doubled == text.repeat(2) && same == bytes, "{size}");
    }
}

#[test]
fn what_cannot_be_encoded_is_an_error() {
    struct Secret;
    impl Serialize for Secret {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("it is a secret"))
        }
    }
    impl<'de> Deserialize<'de> for Secret {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Err(serde::de::Error::custom("it was a secret"))
        }
    }
    #[offload(process)]
    fn tell(_secret: Secret) -> Result<(), WorkerError> {
        Ok(())
    }
    #[offload(process)]
    fn make() -> Result<Secret, WorkerError> {
        Ok(Secret)
    }
    let text = |error: WorkerError| error.to_string();
    let argument = block_on(tell(Secret)).map_err(text);
    assert_eq!(argument, Err("cannot be sent to or from a worker process: an argument: it is a secret".to_owned()));
    let result = block_on(make()).map(drop).map_err(text);
    assert_eq!(result, Err("cannot be sent to or from a worker process: the result: it is a secret".to_owned()));
}

/// `MessagePack` has one `nil` for both.
#[test]
fn an_option_that_would_be_read_as_another_is_an_error() {
    #[offload(process)]
    fn is_some(value: Option<()>) -> Result<bool, WorkerError> {
        Ok(value.is_some())
    }
    #[offload(process)]
    fn find(id: u32) -> Result<Option<Option<u32>>, WorkerError> {
        Ok((id > 0).then_some((id > 1).then_some(id)))
    }
    assert!(matches!(block_on(is_some(Some(()))), Err(WorkerError::Encoding(_))));
    assert_eq!(block_on(is_some(None)), Ok(false));
    assert!(matches!(block_on(find(1)), Err(WorkerError::Encoding(_))));
    assert_eq!((block_on(find(0)), block_on(find(2))), (Ok(None), Ok(Some(Some(2)))));
}

#[derive(Debug, Serialize, Deserialize)]
struct List {
    next: Option<Box<List>>,
}

#[test]
fn a_result_that_is_nested_too_deep_is_an_error() {
    #[offload(process)]
    fn list(length: usize) -> Result<Option<Box<List>>, WorkerError> {
        Ok((0..length).fold(None, |next, _| Some(Box::new(List { next }))))
    }
    assert!(block_on(list(50)).is_ok());
    assert!(matches!(block_on(list(2_000)), Err(WorkerError::Encoding(_))));
}

#[test]
fn workers_start_no_workers() {
    #[offload(process)]
    fn outer(depth: u32) -> Result<Vec<u32>, WorkerError> {
        let mut pids = if depth == 0 { Vec::new() } else { outer.blocking(depth - 1)? };
        pids.push(std::process::id());
        Ok(pids)
    }
    let pids = block_on(outer(3)).unwrap();
    assert_eq!(pids.len(), 4);
    assert!(pids.iter().all(|pid| *pid == pids[0] && *pid != std::process::id()), "{pids:?}");
}

#[test]
fn the_deadline_comes_along() {
    #[offload(process)]
    fn left() -> Result<Option<Duration>, WorkerError> {
        Ok(festoon::time_left())
    }
    assert_eq!(block_on(left()), Ok(None));
    let left = block_on(deadline(Duration::from_secs(3600), left())).unwrap().unwrap();
    assert!(left <= Duration::from_secs(3600) && left > Duration::from_secs(3000), "{left:?}");
}

#[test]
fn it_composes() {
    static CRASHES: AtomicU32 = AtomicU32::new(0);

    /// Crashes as long as the file is there.
    #[timed]
    #[cached(max = 10)]
    #[timeout(60s)]
    #[retry(attempts = 3, wait = fixed(0ms), when = |_| { CRASHES.fetch_add(1, Relaxed); true })]
    #[offload(process)]
    fn flaky(path: String) -> Result<u32, WorkerError2> {
        if std::fs::remove_file(path).is_ok() {
            std::process::abort();
        }
        Ok(7)
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct WorkerError2(String);
    impl From<WorkerError> for WorkerError2 {
        fn from(error: WorkerError) -> Self {
            WorkerError2(error.to_string())
        }
    }
    impl From<festoon::TimedOut> for WorkerError2 {
        fn from(error: festoon::TimedOut) -> Self {
            WorkerError2(error.to_string())
        }
    }

    let path = note("flaky");
    std::fs::write(&path, "").unwrap();
    assert_eq!(block_on(flaky(path.clone())), Ok(7));
    assert_eq!((flaky.timing().calls(), flaky.retries().retried, flaky.cache().info().misses), (1, 1, 1));
    assert_eq!(block_on(flaky(path)), Ok(7));
    assert_eq!((CRASHES.load(Relaxed), flaky.cache().info().hits), (1, 1));
}

#[test]
fn what_is_below_runs_in_the_worker() {
    #[offload(process, workers = 1, nice = 3)]
    #[retry(attempts = 3, wait = fixed(0ms))]
    #[timed]
    fn below() -> Result<u32, ShopError> {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        match CALLS.fetch_add(1, Relaxed) {
            0 => Err(ShopError::SoldOut("tea".to_owned())),
            calls => Ok(calls),
        }
    }
    assert_eq!(block_on(below()), Ok(1));
    assert_eq!(block_on(below()), Ok(2), "in one worker, whose statics stay");
}

#[test]
fn crashes_and_timeouts_are_worth_another_attempt() {
    use festoon::{Advice, Retryable};
    let crashed = block_on(end("abort".to_owned())).unwrap_err();
    assert_eq!(crashed.advice(), Advice::Transient);
    assert_eq!(WorkerError::Encoding(String::new()).advice(), Advice::Never);
}
