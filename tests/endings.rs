//! Every way in which calls end, in every way to collect them, as tasks and in worker processes: what the caller gets, and
//! that nothing is left behind. `queue.rs` has the ends of jobs, `process/ends.rs` those of programs.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use festoon::{Each, WorkerError, offload};
use futures::{FutureExt, StreamExt};

const LONG: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Collected {
    InOrder,
    AsTheyCome,
    Settled,
}

/// What the first of three calls does; the others return.
const ENDS: [&str; 4] = ["ok", "error", "panic", "hang"];

/// Only a process survives these.
const CRASHES: [&str; 3] = ["abort", "stack overflow", "out of memory"];

async fn task(how: String) -> Result<String, WorkerError> {
    match &*how {
        "error" => Err(WorkerError::Encoding(how)),
        "panic" => panic!("no tea"),
        "hang" => std::future::pending().await,
        _ => Ok(how),
    }
}

#[offload(process, workers = 2, memory = 2gb)]
fn process(how: String) -> Result<String, WorkerError> {
    fn deeper(depth: u64) -> u64 {
        let frame = std::hint::black_box([depth; 512]);
        if frame[0] == u64::MAX { 0 } else { deeper(depth + 1) + frame[1] }
    }
    match &*how {
        "error" => return Err(WorkerError::Encoding(how)),
        "panic" => panic!("no tea"),
        "hang" => loop {
            std::hint::spin_loop();
        },
        "abort" => std::process::abort(),
        "stack overflow" => _ = std::hint::black_box(deeper(0)),
        "out of memory" => _ = std::hint::black_box(vec![1_u8; 4 << 30]),
        _ => {}
    }
    Ok(how)
}

/// What the caller gets, in words.
fn word(result: &Result<String, WorkerError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(WorkerError::Encoding(_)) => "error",
        Err(WorkerError::Crashed { signal: Some(libc::SIGABRT), .. }) => "crashed",
        Err(_) => "another error",
    }
}

async fn ended<F, A>(function: F, collected: Collected, how: &str, within: Option<Duration>) -> Vec<&'static str>
where
    F: Each<A, Input = String, Output: Future<Output = Result<String, WorkerError>>>,
{
    let calls = function.each([how, "ok", "ok"].map(str::to_owned)).limit(3);
    let told = async {
        match collected {
            Collected::InOrder => calls.map(|result| word(&result)).collect().await,
            Collected::AsTheyCome => {
                let mut words: Vec<_> = calls.as_they_come().map(|result| word(&result)).collect().await;
                words.sort_unstable();
                words
            }
            Collected::Settled => {
                let settled = calls.settle().await.into_iter();
                settled.map(|call| call.returned().map_or("panic", |result| word(&result))).collect()
            }
        }
    };
    let limited =
        async { tokio::time::timeout(within.unwrap_or(LONG), told).await.unwrap_or_else(|_| vec!["cut off"]) };
    AssertUnwindSafe(limited).catch_unwind().await.unwrap_or_else(|_| vec!["panic"])
}

fn expected(collected: Collected, how: &'static str) -> Vec<&'static str> {
    let first = if CRASHES.contains(&how) { "crashed" } else { how };
    match (how, collected) {
        ("panic", Collected::InOrder | Collected::AsTheyCome) => vec!["panic"],
        ("hang", _) => vec!["cut off"],
        (_, Collected::AsTheyCome) => {
            let mut words = vec![first, "ok", "ok"];
            words.sort_unstable();
            words
        }
        _ => vec![first, "ok", "ok"],
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_end_in_every_way_to_collect() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let limit = |how: &str| (how == "hang").then_some(Duration::from_millis(300));
    runtime.block_on(async {
        for collected in [Collected::InOrder, Collected::AsTheyCome, Collected::Settled] {
            for how in ENDS {
                let told = ended(task, collected, how, limit(how)).await;
                assert_eq!(told, expected(collected, how), "{collected:?}, {how}, as tasks");
            }
            for how in ENDS.into_iter().chain(CRASHES) {
                let told = ended(process, collected, how, limit(how)).await;
                assert_eq!(told, expected(collected, how), "{collected:?}, {how}, in processes");
            }
        }
        assert_eq!(runtime_tasks(), 0);
    });
    let start = Instant::now();
    while children() > 2 {
        assert!(start.elapsed() < LONG, "{} processes are left", children());
        std::thread::yield_now();
    }
}

fn runtime_tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// The worker processes of this function's pool; those of other tests have other settings.
fn children() -> usize {
    festoon::process::pools().iter().filter(|pool| pool.memory == Some(2 << 30)).map(|pool| pool.alive).sum()
}
