//! Which of them? What waits and computations cost as tasks, threads, processes and jobs of a queue: `cargo run --release
//! --example which`, with `FESTOON_REDIS_URL` set for the queue.

use std::time::{Duration, Instant};

use festoon::{Each, QueueError, WorkerError, offload};
use futures::future::join_all;

/// Some 10 ms of computing.
fn primes(below: u32) -> usize {
    let is_prime = |n: &u32| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    (2..below).filter(is_prime).count()
}

/// The same in an async function: nothing is awaited, so nothing else runs meanwhile.
async fn primes_in_a_task(below: u32) -> usize {
    primes(below)
}

#[offload]
fn primes_offloaded(below: u32) -> usize {
    primes(below)
}

#[offload(process)]
fn primes_in_a_process(below: u32) -> Result<usize, WorkerError> {
    Ok(primes(below))
}

#[offload(queue = "which")]
async fn primes_elsewhere(below: u32) -> Result<usize, QueueError> {
    Ok(primes(below))
}

const WAIT: Duration = Duration::from_millis(20);
const BELOW: u32 = 150_000;

async fn wait(_: u32) {
    tokio::time::sleep(WAIT).await;
}

/// The shortest of five.
async fn measure<F: Future>(what: &str, mut run: impl FnMut() -> F) {
    let mut shortest = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        run().await;
        shortest = shortest.min(start.elapsed());
    }
    println!("{what:54} {:>9.3} ms", shortest.as_secs_f64() * 1000.0);
}

#[festoon::main]
#[tokio::main]
async fn main() {
    let inputs = || [BELOW; 8];
    measure("1,000 waits of 20 ms, as tasks", || wait.each(0..1000).limit(1000).collect::<Vec<()>>()).await;
    measure("1,000 waits of 20 ms, on threads", || async {
        let threads: Vec<_> = (0..1000).map(|_| std::thread::spawn(|| std::thread::sleep(WAIT))).collect();
        for thread in threads {
            thread.join().expect("it sleeps");
        }
    })
    .await;
    measure("8 computations, one after another", || async { inputs().map(primes) }).await;
    measure("8 computations, async functions without `#[offload]`", || join_all(inputs().map(primes_in_a_task))).await;
    measure("8 computations, async functions with `#[offload]`", || join_all(inputs().map(primes_offloaded))).await;
    measure("8 computations, on every core", || async { primes.each(inputs()).on_cores().collect::<Vec<_>>() }).await;
    measure("8 computations, in worker processes", || join_all(inputs().map(primes_in_a_process))).await;
    measure("a call in a worker process that computes nothing", || primes_in_a_process(0)).await;
    if std::env::var("FESTOON_REDIS_URL").is_ok() {
        let worker = tokio::spawn(festoon::worker().concurrency(4).queue("which").run());
        measure("a call through the queue that computes nothing", || primes_elsewhere(0)).await;
        worker.abort();
    }
}
