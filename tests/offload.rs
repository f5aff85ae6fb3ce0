//! `#[offload]`: computations on a thread pool, awaited.

use std::convert::TryFrom;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::ThreadId;
use std::time::Duration;

use festoon::{Decorated, Pool, cached, decorate, offload, retry, testing, timed};
use futures::FutureExt;
use futures::executor::block_on;
use rayon::ThreadPool;

/// Nothing waits that long unless it is broken.
const LONG: Duration = Duration::from_secs(60);

fn threads(count: usize) -> ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap()
}

fn here() -> ThreadId {
    std::thread::current().id()
}

#[test]
fn it_runs_on_another_thread_under_any_executor() {
    #[offload]
    fn thread() -> ThreadId {
        here()
    }
    assert_ne!(block_on(thread()), here());
}

#[test]
fn the_pool_can_be_chosen() {
    #[offload(pool = rayon)]
    fn on_rayon() -> Option<usize> {
        rayon::current_thread_index()
    }
    #[offload(pool = tokio)]
    fn on_tokio() -> (bool, Option<usize>) {
        (tokio::runtime::Handle::try_current().is_ok(), rayon::current_thread_index())
    }
    #[offload]
    fn by_default() -> Option<usize> {
        rayon::current_thread_index()
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(block_on(on_rayon()).is_some());
    assert_eq!(runtime.block_on(on_tokio()), (true, None));
    assert!(block_on(by_default()).is_some(), "rayon's, since its feature is on");
}

#[test]
fn tokios_pool_wants_its_runtime_and_says_so() {
    #[offload(pool = tokio)]
    fn nothing() {}
    let panic = block_on(AssertUnwindSafe(nothing()).catch_unwind()).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().contains("inside a tokio runtime"));
}

#[test]
fn a_pool_of_ones_own() {
    struct Threads;
    impl Pool for Threads {
        fn spawn(&self, job: impl FnOnce() + Send + 'static) {
            std::thread::Builder::new().name("mine".to_owned()).spawn(job).unwrap();
        }
    }
    #[offload(pool = Threads)]
    fn name() -> Option<String> {
        std::thread::current().name().map(str::to_owned)
    }
    #[offload(pool = pool)]
    fn by_argument(pool: Arc<ThreadPool>) -> usize {
        rayon::current_num_threads()
    }
    assert_eq!(block_on(name()).as_deref(), Some("mine"));
    assert_eq!(block_on(by_argument(Arc::new(threads(3)))), 3);
}

#[test]
fn two_calls_run_at_the_same_time() {
    static PAIR: LazyLock<ThreadPool> = LazyLock::new(|| threads(2));
    #[offload(pool = &PAIR)]
    fn meet(tell: Sender<()>, hear: Receiver<()>) -> bool {
        tell.send(()).unwrap();
        hear.recv_timeout(LONG).is_ok()
    }
    let ((tell_a, hear_a), (tell_b, hear_b)) = (channel(), channel());
    let both = futures::future::join(meet(tell_a, hear_b), meet(tell_b, hear_a));
    assert_eq!(block_on(both), (true, true), "each heard of the other while it ran");
}

#[test]
fn the_executor_goes_on() {
    #[offload]
    fn wait(hear: Receiver<()>) -> bool {
        hear.recv_timeout(LONG).is_ok()
    }
    let (tell, hear) = channel();
    let other = async move { tell.send(()).is_ok() };
    assert_eq!(block_on(futures::future::join(wait(hear), other)), (true, true));
}

#[test]
fn a_panic_goes_on_in_the_caller_and_leaves_the_pool_whole() {
    #[offload(pool = pool)]
    fn broken(pool: Arc<ThreadPool>, n: u32) -> u32 {
        assert!(n != 7, "no sevens");
        n
    }
    let pool = Arc::new(threads(1));
    let panic = block_on(AssertUnwindSafe(broken(pool.clone(), 7)).catch_unwind()).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"no sevens"));
    assert_eq!(block_on(broken(pool, 8)), 8);
}

/// Tells when it is dropped, and then panics.
struct Loud(Sender<ThreadId>);

impl Drop for Loud {
    fn drop(&mut self) {
        self.0.send(here()).unwrap();
        panic!("dropped");
    }
}

#[test]
fn work_that_is_under_way_goes_on_when_nobody_waits_and_its_result_is_dropped() {
    #[offload(pool = &*pool)]
    fn work(pool: Arc<ThreadPool>, begun: Sender<()>, go: Receiver<()>, dropped: Sender<ThreadId>) -> Loud {
        begun.send(()).unwrap();
        go.recv_timeout(LONG).unwrap();
        Loud(dropped)
    }
    let pool = Arc::new(threads(1));
    let ((begun, has_begun), (tell, go), (dropped, was_dropped)) = (channel(), channel(), channel());
    let mut call = Box::pin(work(pool.clone(), begun, go, dropped));
    assert!(call.as_mut().now_or_never().is_none());
    has_begun.recv_timeout(LONG).unwrap();
    drop(call);
    tell.send(()).unwrap();
    assert_eq!(was_dropped.recv_timeout(LONG), Ok(pool.install(here)), "on the pool, which lives on");
}

#[test]
fn work_that_nobody_waits_for_is_not_begun() {
    static BEGUN: AtomicU32 = AtomicU32::new(0);
    #[offload(pool = &*pool)]
    fn work(pool: Arc<ThreadPool>) {
        BEGUN.fetch_add(1, Relaxed);
    }
    let pool = Arc::new(threads(1));
    drop(work(pool.clone()));
    let (tell, go) = channel::<()>();
    pool.spawn(move || go.recv_timeout(LONG).unwrap());
    let mut queued = Box::pin(work(pool.clone()));
    assert!(queued.as_mut().now_or_never().is_none());
    drop(queued);
    tell.send(()).unwrap();
    block_on(work(pool));
    assert_eq!(BEGUN.load(Relaxed), 1, "the last call alone");
}

#[test]
fn a_pool_that_drops_the_work_is_told_of() {
    struct Closed;
    impl Pool for Closed {
        fn spawn(&self, job: impl FnOnce() + Send + 'static) {
            drop(job);
        }
    }
    #[offload(pool = Closed)]
    fn nothing() {}
    let panic = block_on(AssertUnwindSafe(nothing()).catch_unwind()).unwrap_err();
    assert!(panic.downcast_ref::<&str>().unwrap().contains("shut down"));
}

struct Shop(u32);

trait Counts {
    #[allow(async_fn_in_trait, reason = "as a user may write it")]
    async fn count(self: Arc<Self>, by: u32) -> u32;
}

impl Counts for Shop {
    #[offload]
    fn count(self: Arc<Self>, by: u32) -> u32 {
        self.0 + by
    }
}

impl Shop {
    #[offload]
    fn of_the_program(&'static self) -> &'static u32 {
        &self.0
    }

    #[offload]
    fn close(self, mut last: u32) -> Result<u32, std::num::TryFromIntError> {
        if self.0 == 0 {
            return Ok(0);
        }
        last += self.0;
        Ok(u8::try_from(last)?.into())
    }
}

#[test]
fn methods_generics_and_question_marks() {
    #[offload]
    fn sorted<T: Ord + Send + 'static, const N: usize>((mut a, b): ([T; N], T)) -> impl Iterator<Item = T> + Send {
        a.sort();
        let mut all = Vec::from(a);
        all.push(b);
        all.into_iter()
    }
    #[offload]
    fn apply(f: impl Fn(&str) -> usize + Send + 'static, text: &'static str) -> usize {
        f(text)
    }
    assert_eq!(block_on(sorted(([3, 1, 2], 9))).collect::<Vec<_>>(), [1, 2, 3, 9]);
    assert_eq!(block_on(apply(str::len, "abc")), 3);
    assert_eq!(block_on(Arc::new(Shop(3)).count(4)), 7);
    assert_eq!((block_on(Shop(3).close(4)), block_on(Shop(3).close(255)).is_err()), (Ok(7), true));
}

#[test]
fn unsafe_never_and_static() {
    #[offload]
    #[allow(unsafe_code, reason = "an unsafe function is the point")]
    unsafe fn dangerous(n: u32) -> u32 {
        n
    }
    #[offload]
    fn never(text: &'static str) -> ! {
        std::panic::panic_any(text)
    }
    static SHOP: Shop = Shop(3);
    // SAFETY: it does nothing dangerous.
    #[allow(unsafe_code, reason = "an unsafe function is the point")]
    let dangerous = unsafe { dangerous(1) };
    assert_eq!((block_on(dangerous), block_on(SHOP.of_the_program())), (1, &3));
    assert!(block_on(AssertUnwindSafe(never("no")).catch_unwind()).is_err());
}

#[test]
fn the_virtual_clock_goes_along() {
    #[timed]
    fn slow(clock: &testing::Handle) {
        clock.advance(Duration::from_secs(9));
    }
    #[offload]
    fn off(clock: testing::Handle) {
        slow(&clock);
    }
    let clock = testing::clock();
    block_on(off(clock.handle()));
    assert_eq!(slow.timing().max().as_secs(), 9);
}

#[test]
fn the_attempt_of_a_retry_above_goes_along() {
    #[retry(attempts = 3, wait = fixed(1ms))]
    #[offload]
    fn third() -> Result<u32, ()> {
        let number = festoon::attempt().number;
        if number == 3 { Ok(number) } else { Err(()) }
    }
    let _clock = testing::clock();
    assert_eq!(block_on(third()), Ok(3));
    assert_eq!(third.retries().calls, 1);
}

#[test]
fn the_span_goes_along() {
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

    /// Tells where spans are entered.
    struct Entered(Sender<ThreadId>);
    impl<S: tracing::Subscriber> Layer<S> for Entered {
        fn on_enter(&self, _: &tracing::Id, _: Context<'_, S>) {
            self.0.send(here()).unwrap();
        }
    }
    #[offload]
    fn thread() -> ThreadId {
        here()
    }
    let (tell, hear) = channel();
    let pool = tracing::subscriber::with_default(tracing_subscriber::registry().with(Entered(tell)), || {
        tracing::info_span!("outer").in_scope(|| block_on(thread()))
    });
    assert_eq!(hear.try_iter().collect::<Vec<_>>(), [here(), pool]);
}

#[test]
fn a_retry_below_runs_on_the_pool_and_a_timer_above_sees_one_call() {
    static THREADS: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
    #[timed]
    #[offload]
    #[retry(attempts = 3, wait = fixed(2s), jitter = none)]
    fn flaky(fails: u32) -> Result<u32, String> {
        THREADS.lock().unwrap().push(here());
        let number = festoon::attempt().number;
        if number > fails { Ok(number) } else { Err(format!("attempt {number}")) }
    }
    let clock = testing::clock();
    assert_eq!((block_on(flaky(2)), block_on(flaky(9))), (Ok(3), Err("attempt 3".to_owned())));
    assert_eq!(clock.sleeps(), [Duration::from_secs(2); 4], "on the pool, by the caller's clock");
    assert_eq!((flaky.timing().calls(), flaky.timing().outcomes().error(), flaky.retries().calls), (2, 1, 2));
    let threads = THREADS.lock().unwrap();
    assert_eq!(threads.len(), 6);
    assert!(threads[..3].iter().all(|thread| *thread == threads[0] && *thread != here()));
}

#[test]
fn a_cache_above_computes_once() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[cached]
    #[offload]
    fn square(n: u32) -> u32 {
        RUNS.fetch_add(1, Relaxed);
        n * n
    }
    assert_eq!(block_on(futures::future::join(square(7), square(7))), (49, 49));
    assert_eq!((RUNS.load(Relaxed), square.cache().info().hits), (1, 1));
}

#[test]
fn decorators_above_are_async_and_those_below_run_on_the_pool() {
    static SEEN: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
    async fn outside(next: impl AsyncFnOnce(u32) -> ThreadId, n: u32) -> ThreadId {
        SEEN.lock().unwrap().push(here());
        next(n).await
    }
    fn inside(next: impl FnOnce(u32) -> ThreadId, n: u32) -> ThreadId {
        SEEN.lock().unwrap().push(here());
        next(n)
    }
    #[timed]
    #[decorate(outside)]
    #[offload]
    #[decorate(inside)]
    fn work(_n: u32) -> ThreadId {
        here()
    }
    let pool = block_on(work(1));
    assert_eq!((SEEN.lock().unwrap().clone(), work.timing().calls()), (vec![here(), pool], 1));
    assert_ne!(pool, here());
}
