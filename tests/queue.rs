//! `#[offload(queue)]`: calls that other processes run, and every way in which one ends.

mod dead;
mod processes;
mod stacked;
mod workers;

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, Instant};

use festoon::queue::{Queue, Redis, Served};
use festoon::{Enqueue, QueueError, deadline, offload, time_left};
use futures::FutureExt;
use futures::executor::block_on;
use serde::{Deserialize, Serialize};

use crate::cached::server::{self, Server, given, shared, soon};

/// Nothing takes that long unless it is broken.
const LONG: Duration = Duration::from_secs(60);

/// The address of the shared server, or of the one that a child process is given.
fn at() -> Redis {
    let url = given().unwrap_or_else(|| shared().unwrap().url());
    Redis::new(url).timeout(Duration::from_secs(20)).lease(Duration::from_millis(300))
}

fn queue(name: &str) -> Queue {
    Queue::new(name).store(at())
}

/// Runs this next to a worker of a queue, which then finishes.
fn served<R>(name: &str, concurrency: usize, body: impl Future<Output = R>) -> (R, Served) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    runtime.block_on(async {
        let worker = festoon::worker().concurrency(concurrency).queue(name).until(stopped.map(drop));
        let worker = tokio::spawn(worker.run()).map(|ended| ended.unwrap().unwrap());
        let body = async {
            let value = tokio::time::timeout(LONG, body).await.expect("it takes too long");
            drop(stop);
            value
        };
        futures::join!(body, worker)
    })
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum ShopError {
    SoldOut(String),
    Queue(QueueError),
}

impl From<QueueError> for ShopError {
    fn from(error: QueueError) -> Self {
        ShopError::Queue(error)
    }
}

#[offload(queue = "plain", store = at())]
fn order(item: String, (count, _): (u32, u8), mut notes: Vec<String>) -> Result<(String, u32), ShopError> {
    notes.push("late".to_owned());
    if count == 0 {
        return Err(ShopError::SoldOut(notes.join(" ")));
    }
    Ok((item, count * 2))
}

#[offload(queue = "plain", store = at())]
async fn later(n: u32) -> Result<u32, ShopError> {
    tokio::task::yield_now().await;
    let checked = n.checked_sub(1).ok_or_else(|| ShopError::SoldOut("n".to_owned()))?;
    Ok(checked)
}

#[offload(queue = "plain", store = at())]
fn nothing() -> Result<(), QueueError> {
    Ok(())
}

#[test]
fn a_call_returns_what_the_plain_function_does() {
    if shared().is_none() {
        return;
    }
    let ((), worker) = served("plain", 2, async {
        assert_eq!(order("tea".to_owned(), (2, 0), Vec::new()).await, Ok(("tea".to_owned(), 4)));
        let sold_out = order("tea".to_owned(), (0, 0), vec!["rush".to_owned()]).await;
        assert_eq!(sold_out, Err(ShopError::SoldOut("rush late".to_owned())));
        assert_eq!((later(3).await, later(0).await), (Ok(2), Err(ShopError::SoldOut("n".to_owned()))));
        assert_eq!(nothing().await, Ok(()));
    });
    assert_eq!((worker.jobs, worker.redelivered), (5, 0));
}

#[test]
fn a_worker_and_a_call_need_no_executor() {
    #[offload(queue = "in place", store = at())]
    async fn double(n: u32) -> Result<u32, QueueError> {
        Ok(n * 2)
    }
    if shared().is_none() {
        return;
    }
    let (stop, stopped) = futures::channel::oneshot::channel::<()>();
    let worker = std::thread::spawn(|| block_on(festoon::worker().queue("in place").until(stopped.map(drop)).run()));
    assert_eq!(block_on(double(4)), Ok(8));
    drop(stop);
    assert_eq!(worker.join().unwrap().unwrap().jobs, 1);
}

#[test]
fn enqueue_goes_on_and_the_result_can_be_fetched_more_than_once() {
    #[offload(queue = "enqueued", store = at())]
    async fn add(a: u32, b: u32) -> Result<u32, QueueError> {
        Ok(a + b)
    }
    if shared().is_none() {
        return;
    }
    // No worker yet.
    let job = block_on(add.enqueue((3, 4))).unwrap();
    assert_eq!(block_on(queue("enqueued").stats()).unwrap().waiting, 1);
    let (results, worker) = served("enqueued", 1, async { (job.result().await, job.result().await) });
    assert_eq!((results, worker.jobs), ((Ok(7), Ok(7)), 1));
    let stats = block_on(queue("enqueued").stats()).unwrap();
    assert_eq!((stats.waiting, stats.running, stats.dead, stats.done, stats.redelivered), (0, 0, 0, 1, 0));
}

#[test]
fn a_key_makes_one_job_of_several_calls_while_it_waits_and_its_result_lives() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[offload(queue = "keyed", store = at(), key = format!("{order}-{}", item.len()), result_ttl = 300ms)]
    fn charge(order: u32, item: String) -> Result<u32, QueueError> {
        let _ = item;
        Ok(order + RUNS.fetch_add(1, SeqCst))
    }
    if shared().is_none() {
        return;
    }
    let charge = |order| charge.enqueue((order, "tea".to_owned()));
    let (first, same, other) =
        block_on(async { (charge(10).await.unwrap(), charge(10).await.unwrap(), charge(20).await.unwrap()) });
    assert_eq!(first.id(), same.id());
    assert_ne!(first.id(), other.id());
    served("keyed", 1, async {
        assert_eq!((first.result().await, other.result().await, same.result().await), (Ok(10), Ok(21), Ok(10)));
        let done = charge(10).await.unwrap();
        assert_eq!(done.id(), first.id());
        // Once its result is gone, so is the key.
        soon("the result is gone", || block_on(first.result()) == Err(QueueError::Forgotten));
        let anew = charge(10).await.unwrap();
        assert_ne!(anew.id(), first.id());
        assert_eq!(anew.result().await, Ok(12));
    });
}

#[test]
fn a_deadline_ends_the_wait_for_a_worker() {
    #[offload(queue = "nobody", store = at(), key = n)]
    async fn awaited(n: u32) -> Result<u32, QueueError> {
        Ok(n)
    }
    if shared().is_none() {
        return;
    }
    let within = |time, n| block_on(deadline(time, awaited(n)));
    assert_eq!(within(Duration::ZERO, 1), Err(QueueError::Expired));
    assert_eq!(within(Duration::from_millis(50), 2), Err(QueueError::Expired));
    assert_eq!(block_on(queue("nobody").stats()).unwrap().waiting, 0);
    let ((), worker) = served("nobody", 1, async { assert_eq!(deadline(LONG, awaited(3)).await, Ok(3)) });
    assert_eq!(worker.jobs, 1);
}

#[test]
fn a_job_goes_on_when_nobody_waits_for_it() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[offload(queue = "cancelled", store = at())]
    async fn run(n: u32) -> Result<u32, QueueError> {
        RUNS.fetch_add(n, SeqCst);
        Ok(n)
    }
    if shared().is_none() {
        return;
    }
    let mut call = Box::pin(run(7));
    soon("it is in the queue", || {
        assert!(call.as_mut().now_or_never().is_none());
        block_on(queue("cancelled").stats()).unwrap().waiting == 1
    });
    drop(call);
    served("cancelled", 1, async { soon("it has run", || RUNS.load(SeqCst) == 7) });
}

#[test]
fn a_long_job_keeps_its_lease() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    static GO: AtomicU32 = AtomicU32::new(0);
    #[offload(queue = "long", store = at())]
    fn long() -> Result<(), QueueError> {
        RUNS.fetch_add(1, SeqCst);
        soon("go", || GO.load(SeqCst) == 1);
        Ok(())
    }
    if shared().is_none() {
        return;
    }
    // Two places, so that the worker would take it a second time.
    let ((), worker) = served("long", 2, async {
        let call = tokio::spawn(long());
        let start = Instant::now();
        soon("five leases are over", || start.elapsed() > 5 * Duration::from_millis(300));
        GO.store(1, SeqCst);
        call.await.unwrap().unwrap();
    });
    assert_eq!((RUNS.load(SeqCst), worker.redelivered), (1, 0));
    assert_eq!(block_on(queue("long").stats()).unwrap().redelivered, 0);
}

#[test]
fn the_deadline_comes_along_with_a_call_that_waits() {
    #[offload(queue = "deadline", store = at())]
    async fn left() -> Result<Option<Duration>, QueueError> {
        Ok(time_left())
    }
    #[offload(queue = "deadline", store = at())]
    fn left_on_a_thread(_unused: u8) -> Result<Option<Duration>, QueueError> {
        Ok(time_left())
    }
    if shared().is_none() {
        return;
    }
    let hour = Duration::from_secs(3600);
    served("deadline", 1, async {
        assert_eq!((left().await, left_on_a_thread(1).await), (Ok(None), Ok(None)));
        for left in [deadline(hour, left()).await, deadline(hour, left_on_a_thread(1)).await] {
            let left = left.unwrap().unwrap();
            assert!(left <= hour && left > Duration::from_secs(3000), "{left:?}");
        }
        let job = deadline(hour, async { left_on_a_thread.enqueue(1).await }).await.unwrap();
        assert_eq!(job.result().await, Ok(None), "nobody waits for it");
    });
}

#[test]
fn a_job_whose_caller_has_given_up_is_not_started() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[offload(queue = "expired", store = at())]
    fn unstarted() -> Result<(), QueueError> {
        RUNS.fetch_add(1, SeqCst);
        Ok(())
    }
    if shared().is_none() {
        return;
    }
    let stats = || block_on(queue("expired").stats()).unwrap();
    let start = Instant::now();
    let mut call = Box::pin(deadline(Duration::from_millis(500), unstarted()));
    soon("it is in the queue", || call.as_mut().now_or_never().is_some() || stats().waiting == 1);
    drop(call);
    soon("the deadline is over", || start.elapsed() > Duration::from_millis(700));
    served("expired", 1, async { soon("it has ended", || stats().waiting + stats().running == 0) });
    assert_eq!(RUNS.load(SeqCst), 0);
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
    #[offload(queue = "secret", store = at())]
    fn tell(_secret: Secret) -> Result<(), QueueError> {
        Ok(())
    }
    #[offload(queue = "secret", store = at())]
    async fn make() -> Result<Secret, QueueError> {
        Ok(Secret)
    }
    if shared().is_none() {
        return;
    }
    let argument = block_on(tell(Secret)).unwrap_err();
    assert_eq!(argument.to_string(), "cannot be sent through a queue: an argument: it is a secret");
    assert_eq!(block_on(tell.enqueue(Secret)).unwrap_err(), argument);
    let (made, _) = served("secret", 1, make());
    let result = made.map(drop).unwrap_err();
    assert_eq!(result.to_string(), "cannot be sent through a queue: the result: it is a secret");
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    #[offload(queue, store = redis(format!("redis://127.0.0.1:{}", server::free_port())))]
    fn unreachable() -> Result<(), ShopError> {
        Ok(())
    }
    let error = block_on(unreachable()).unwrap_err();
    let ShopError::Queue(QueueError::Unavailable(why)) = error else { panic!("{error:?}") };
    assert!(why.contains("redis://127.0.0.1"), "{why}");
}

#[test]
fn a_function_without_a_queue_cannot_enqueue() {
    async fn plain(n: u32) -> Result<u32, QueueError> {
        Ok(n)
    }
    let told = std::panic::catch_unwind(AssertUnwindSafe(|| drop(plain.enqueue(3)))).unwrap_err();
    let told = told.downcast_ref::<String>().unwrap();
    assert!(told.ends_with("::plain` has no `#[offload(queue)]`"), "{told}");
}

#[test]
fn only_an_unreachable_server_is_worth_another_attempt() {
    use festoon::{Advice, Retryable};
    assert_eq!(QueueError::Unavailable(String::new()).advice(), Advice::Transient);
    assert_eq!((QueueError::Expired.advice(), QueueError::Forgotten.advice()), (Advice::Never, Advice::Never));
}
