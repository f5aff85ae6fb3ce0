//! Jobs that are given up: panics, unknown names, workers that end.

use super::*;
use crate::events;

#[offload(queue = "panics", store = at())]
fn thread(fails: bool) -> Result<u32, QueueError> {
    assert!(!fails, "no tea");
    Ok(1)
}

static FAILS: AtomicU32 = AtomicU32::new(1);

#[offload(queue = "panics", store = at(), key = n, name = "shop.task")]
async fn task(n: u32) -> Result<u32, QueueError> {
    tokio::task::yield_now().await;
    assert_eq!(FAILS.load(SeqCst), 0, "no {n}");
    Ok(n)
}

fn text<T: std::fmt::Debug>(panic: std::thread::Result<T>) -> String {
    panic.unwrap_err().downcast_ref::<String>().unwrap().clone()
}

#[test]
fn a_panic_comes_back_and_is_a_dead_letter_that_can_be_put_back() {
    if shared().is_none() {
        return;
    }
    let ((), worker) = served("panics", 1, async {
        let queue = queue("panics");
        assert_eq!(text(AssertUnwindSafe(thread(true)).catch_unwind().await), "no tea");
        assert_eq!(thread(false).await, Ok(1));
        let job = task.enqueue(7).await.unwrap();
        assert!(text(AssertUnwindSafe(job.result()).catch_unwind().await).contains("no 7"));

        let letters = queue.dead_letters(10).await.unwrap();
        let told: Vec<_> = letters.iter().map(|letter| (&*letter.function, letter.why.contains("no "))).collect();
        assert_eq!(told, [(concat!(module_path!(), "::thread"), true), ("shop.task", true)]);
        assert_eq!(queue.dead_letters(1).await.unwrap(), letters[..1]);
        assert!(letters.iter().all(|letter| letter.since.elapsed().unwrap() < LONG));

        // It is still the job with this key.
        assert_eq!((letters[1].id.as_str(), task.enqueue(7).await.unwrap().id()), (job.id(), job.id()));
        FAILS.store(0, SeqCst);
        assert!(queue.put_back(job.id()).await.unwrap() && !queue.put_back(job.id()).await.unwrap());
        assert_eq!(job.result().await, Ok(7));
        assert!(queue.discard(&letters[0].id).await.unwrap() && !queue.discard(&letters[0].id).await.unwrap());
        let stats = queue.stats().await.unwrap();
        assert_eq!((stats.dead, stats.done, stats.buried, stats.waiting + stats.running), (0, 2, 2, 0));
    });
    assert_eq!(worker.jobs, 4);
}

#[test]
fn a_discarded_job_gives_its_key_away() {
    #[offload(queue = "discarded", store = at(), key = n)]
    fn fail(n: u32) -> Result<(), QueueError> {
        panic!("no {n}")
    }
    if shared().is_none() {
        return;
    }
    served("discarded", 1, async {
        let job = fail.enqueue(1).await.unwrap();
        assert_eq!(text(AssertUnwindSafe(job.result()).catch_unwind().await), "no 1");
        assert!(queue("discarded").discard(job.id()).await.unwrap());
        assert_eq!(job.result().await, Err(QueueError::Forgotten));
        assert_ne!(fail.enqueue(1).await.unwrap().id(), job.id());
    });
}

#[test]
fn a_job_whose_name_nobody_knows_is_put_back_and_then_a_dead_letter() {
    let Some(server) = shared() else { return };
    // As a newer version of the program would put it there.
    let base = "festoon:queue:{unknown}:";
    server
        .ask::<u64>(redis::cmd("HSET").arg(format!("{base}job:1")).arg(&["state", "waiting", "key", "", "ttl", "100"]));
    let entry = ["*", "id", "1", "name", "shop::new", "args", "", "most", "2", "deadline", ""];
    server.ask::<String>(redis::cmd("XADD").arg(format!("{base}jobs")).arg(&entry));
    let told = events::of(|| {
        let (stop, stopped) = futures::channel::oneshot::channel::<()>();
        let worker = festoon::worker().queue("unknown").store(at()).until(stopped.map(drop));
        let found = async {
            let queue = queue("unknown");
            let start = Instant::now();
            while queue.stats().await.unwrap().dead == 0 {
                assert!(start.elapsed() < LONG);
            }
            drop(stop);
            queue.dead_letters(10).await.unwrap()
        };
        let (served, letters) = block_on(futures::future::join(worker.run(), found));
        assert_eq!(served.unwrap().jobs, 0);
        let [letter] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!((&*letter.id, &*letter.function), ("1", "shop::new"));
        assert_eq!(letter.why, "no worker knew `shop::new` 2 times");
    });
    let puts_back = |line: &&String| line.contains("shop::new") && line.contains("puts it back");
    assert_eq!(told.iter().filter(puts_back).count(), 2, "{told:?}");
}

#[test]
fn a_dead_letter_keeps_its_key_no_longer_than_a_result() {
    static FAILS: AtomicU32 = AtomicU32::new(1);
    #[offload(queue = "freed", store = at(), key = n, result_ttl = 300ms)]
    fn fails_once(n: u32) -> Result<u32, QueueError> {
        assert_eq!(FAILS.load(SeqCst), 0, "no {n}");
        Ok(n)
    }
    if shared().is_none() {
        return;
    }
    served("freed", 1, async {
        let dead = fails_once.enqueue(7).await.unwrap();
        assert!(text(AssertUnwindSafe(dead.result()).catch_unwind().await).contains("no 7"));
        assert_eq!(fails_once.enqueue(7).await.unwrap().id(), dead.id());
        FAILS.store(0, SeqCst);
        soon("the key is free", || block_on(fails_once.enqueue(7)).unwrap().id() != dead.id());
        assert_eq!(fails_once(7).await, Ok(7));
        // The letter is still there.
        assert!(queue("freed").put_back(dead.id()).await.unwrap());
        assert_eq!(dead.result().await, Ok(7));
    });
}

#[test]
fn a_job_that_the_server_has_evicted_is_forgotten() {
    #[offload(queue = "evicted", store = at(), key = n)]
    fn evicted(n: u32) -> Result<u32, QueueError> {
        Ok(n / 2)
    }
    let Some(server) = shared() else { return };
    let job = block_on(evicted.enqueue(8)).unwrap();
    let stream = server.command::<Vec<String>>("KEYS *{evicted}:jobs").remove(0);
    server.command::<()>(&format!("DEL {stream}"));
    assert_eq!(block_on(job.result()), Err(QueueError::Forgotten));
    let anew = block_on(evicted.enqueue(8)).unwrap();
    assert_ne!(anew.id(), job.id());
    let ((), worker) = served("evicted", 1, async { assert_eq!(anew.result().await, Ok(4)) });
    assert_eq!(worker.jobs, 1);
}
