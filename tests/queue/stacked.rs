//! In company: other decorators above and below.

use festoon::{Decorated, Each, cached, decorate, retry, stack, timed, timeout};

use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Failed(String);

impl From<QueueError> for Failed {
    fn from(error: QueueError) -> Self {
        Failed(error.to_string())
    }
}

impl From<festoon::TimedOut> for Failed {
    fn from(error: festoon::TimedOut) -> Self {
        Failed(error.to_string())
    }
}

#[test]
fn it_composes() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[timed]
    #[cached(max = 10)]
    #[timeout(60s)]
    #[retry(attempts = 3, wait = fixed(0ms), when = |_| true)]
    #[offload(queue = "stack", store = at())]
    async fn flaky(n: u32) -> Result<u32, Failed> {
        if RUNS.fetch_add(1, SeqCst) == 0 { Err(Failed("busy".to_owned())) } else { Ok(n) }
    }
    if shared().is_none() {
        return;
    }
    let ((), worker) = served("stack", 2, async {
        assert_eq!((flaky(7).await, flaky(7).await), (Ok(7), Ok(7)));
        assert_eq!((flaky.timing().calls(), flaky.retries().retried, flaky.cache().info().misses), (2, 1, 1));
        // `enqueue` passes by what is above.
        assert_eq!(flaky.enqueue(7).await.unwrap().result().await, Ok(7));
        assert_eq!((flaky.timing().calls(), flaky.cache().info().hits), (2, 1));
    });
    assert_eq!((worker.jobs, RUNS.load(SeqCst)), (3, 3));
}

#[test]
fn what_is_below_runs_in_the_worker() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[offload(queue = "below", store = at())]
    #[retry(attempts = 3, wait = fixed(0ms))]
    #[timed]
    fn below(n: u32) -> Result<u32, ShopError> {
        if RUNS.fetch_add(1, SeqCst) == 0 { Err(ShopError::SoldOut("tea".to_owned())) } else { Ok(n) }
    }
    if shared().is_none() {
        return;
    }
    let (value, worker) = served("below", 1, below(4));
    assert_eq!((value, worker.jobs, RUNS.load(SeqCst)), (Ok(4), 1, 2));
}

stack! { careful = #[timed] #[retry(attempts = 2, wait = fixed(0ms), when = |_| true)] }

#[decorate(careful!)]
#[offload(queue = "named", store = at(), key = count)]
async fn named((a, b): (u32, u32), count: u32) -> Result<u32, Failed> {
    Ok(a * b * count)
}

#[test]
fn a_named_stack_goes_above() {
    if shared().is_none() {
        return;
    }
    served("named", 1, async {
        assert_eq!(named((2, 3), 4).await, Ok(24));
        assert_eq!(named.enqueue(((2, 3), 4)).await.unwrap().result().await, Ok(24));
        assert_eq!(named.timing().calls(), 1);
    });
}

async fn doubled(next: impl AsyncFnOnce(u32) -> Result<u32, Failed>, n: u32) -> Result<u32, Failed> {
    next(n).await.map(|n| 2 * n)
}

#[decorate(doubled)]
#[offload(queue = "decorated", store = at())]
async fn decorated(n: u32) -> Result<u32, Failed> {
    Ok(n)
}

#[test]
fn a_decorator_of_ones_own_goes_above() {
    if shared().is_none() {
        return;
    }
    served("decorated", 1, async {
        assert_eq!(decorated(4).await, Ok(8));
        assert_eq!(decorated.enqueue(4).await.unwrap().result().await, Ok(4));
    });
}

#[test]
fn each_goes_above() {
    #[offload(queue = "each", store = at())]
    fn square(n: u64) -> Result<u64, QueueError> {
        Ok(n * n)
    }
    if shared().is_none() {
        return;
    }
    let (squares, worker) =
        served("each", 4, async { square.each(0..50).limit(8).collect::<Result<Vec<u64>, _>>().await });
    assert_eq!((squares.unwrap(), worker.jobs), ((0..50).map(|n| n * n).collect(), 50));
}
