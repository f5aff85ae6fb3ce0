//! Two worker processes share the jobs of a queue: start a Redis server, then `FESTOON_REDIS_URL=redis://127.0.0.1 cargo run
//! --example queue`.

use std::process::{Child, Command};

use festoon::queue::Queue;
use festoon::{Each, Enqueue, QueueError, offload};

/// The number of the process that ran it, and the primes that it counted.
#[offload(queue = "primes", max_deliveries = 3)]
fn primes(below: u32) -> Result<(u32, usize), QueueError> {
    let is_prime = |n: &u32| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    Ok((std::process::id(), (2..below).filter(is_prime).count()))
}

#[tokio::main]
async fn main() -> Result<(), QueueError> {
    if std::env::args().any(|argument| argument == "worker") {
        let served = festoon::worker().concurrency(2).queue("primes").run().await?;
        println!(
            "worker {}: {} jobs, {} of them delivered before",
            std::process::id(),
            served.jobs,
            served.redelivered
        );
        return Ok(());
    }
    if std::env::var("FESTOON_REDIS_URL").is_err() {
        println!("set FESTOON_REDIS_URL to the address of a Redis server, such as redis://127.0.0.1");
        return Ok(());
    }
    let workers = [start_worker(), start_worker()];

    // Goes on at once, and asks later.
    let job = primes.enqueue(1_000_000).await?;
    println!("job {}", job.id());

    // Waits, for eight at a time.
    let inputs: Vec<u32> = (1..=12).map(|n| n * 20_000).collect();
    let counts: Result<Vec<_>, _> = primes.each(inputs.clone()).limit(8).collect().await;
    for (below, (worker, count)) in inputs.iter().zip(counts?) {
        println!("worker {worker}: {count} primes below {below}");
    }
    let (worker, count) = job.result().await?;
    println!("worker {worker}: {count} primes below 1000000");

    println!("{:?}", Queue::new("primes").stats().await?);
    workers.into_iter().for_each(stop);
    Ok(())
}

fn start_worker() -> Child {
    let program = std::env::current_exe().expect("the program has a path");
    Command::new(program).arg("worker").spawn().expect("it can be started again")
}

/// With the signal that lets a worker finish its jobs.
fn stop(mut worker: Child) {
    let _ = Command::new("kill").arg(worker.id().to_string()).status();
    let _ = worker.wait();
}
