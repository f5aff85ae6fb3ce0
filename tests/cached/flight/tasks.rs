//! Async callers.

use super::*;

// ---- async

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Is pending until it is opened.
#[derive(Default)]
struct Turnstile {
    open: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
}

impl Turnstile {
    const fn new() -> Self {
        Turnstile { open: AtomicBool::new(false), waiting: Mutex::new(Vec::new()) }
    }

    fn open(&self) {
        self.open.store(true, SeqCst);
        self.waiting.lock().unwrap().drain(..).for_each(Waker::wake);
    }

    async fn pass(&self) {
        std::future::poll_fn(|context| {
            self.waiting.lock().unwrap().push(context.waker().clone());
            if self.open.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

#[tokio::test]
async fn async_callers_run_the_body_once() {
    static RUNS: Runs = Runs::new();
    #[cached]
    async fn slow(n: u32) -> u32 {
        RUNS.one();
        tokio::task::yield_now().await;
        n * 2
    }

    assert!(join_all((0..64).map(|_| slow(21))).await.iter().all(|value| *value == 42));
    assert_eq!((RUNS.count(), slow.cache().info().misses, slow.cache().info().hits), (1, 1, 63));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_on_many_threads_run_the_body_once() {
    static RUNS: Runs = Runs::new();
    #[cached]
    async fn slow(n: u32) -> u32 {
        RUNS.one();
        tokio::task::yield_now().await;
        n * 2
    }

    for round in 0..200 {
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(slow(round))).collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), round * 2);
        }
    }
    assert_eq!((RUNS.count(), slow.cache().info().in_flight), (200, 0));
}

#[test]
fn a_hit_is_ready_at_the_first_poll() {
    #[cached]
    async fn once(text: &str) -> usize {
        futures::future::ready(()).await;
        text.len()
    }

    assert_eq!(poll(pin!(once("tea"))), Poll::Ready(3));
    assert_eq!((poll(pin!(once("tea"))), once.cache().info().hits), (Poll::Ready(3), 1));
    assert_eq!(once.cache().peek(("tea",)), Some(3));
    once.cache().insert(("tea",), 30);
    assert_eq!(poll(pin!(once("tea"))), Poll::Ready(30));
    assert!(once.cache().invalidate(("tea",)));
}

#[test]
fn a_future_that_is_never_polled_does_nothing() {
    static RUNS: Runs = Runs::new();
    #[cached]
    async fn once(n: u32) -> u32 {
        RUNS.one();
        n
    }

    drop(once(1));
    assert_eq!((RUNS.count(), once.cache().info().misses), (0, 0));
}

#[test]
fn a_cancelled_leader_hands_over() {
    static RUNS: Runs = Runs::new();
    static GATE: Turnstile = Turnstile::new();
    #[cached]
    async fn gated(n: u32) -> u32 {
        RUNS.one();
        GATE.pass().await;
        n
    }

    let mut leader = Box::pin(gated(5));
    let (mut second, mut third) = (Box::pin(gated(5)), Box::pin(gated(5)));
    let woken = [Arc::new(Woken::default()), Arc::new(Woken::default())];
    assert!(poll(leader.as_mut()).is_pending());
    for (call, woken) in [&mut second, &mut third].into_iter().zip(&woken) {
        assert!(call.as_mut().poll(&mut Context::from_waker(&woken.clone().into())).is_pending());
    }
    assert_eq!((RUNS.count(), gated.cache().info().in_flight), (1, 1));
    drop(leader);
    assert_eq!(woken.each_ref().map(|woken| woken.0.load(SeqCst)), [1, 0], "exactly one takes over");
    assert!(poll(second.as_mut()).is_pending());
    assert_eq!(RUNS.count(), 2);
    GATE.open();
    assert_eq!(poll(second.as_mut()), Poll::Ready(5));
    assert_eq!(poll(third.as_mut()), Poll::Ready(5));
    assert_eq!((RUNS.count(), woken[1].0.load(SeqCst)), (2, 1));
}

#[test]
fn a_waiter_that_was_to_take_over_and_is_cancelled_passes_it_on() {
    static RUNS: Runs = Runs::new();
    #[cached]
    async fn gated(n: u32) -> u32 {
        if RUNS.one() == 1 {
            std::future::pending::<()>().await;
        }
        n
    }

    let mut leader = Box::pin(gated(5));
    let (mut second, mut third) = (Box::pin(gated(5)), Box::pin(gated(5)));
    let woken = Arc::new(Woken::default());
    assert!(poll(leader.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    assert!(third.as_mut().poll(&mut Context::from_waker(&woken.clone().into())).is_pending());
    drop(leader);
    drop(second);
    assert_eq!(woken.0.load(SeqCst), 1);
    assert_eq!((poll(third.as_mut()), RUNS.count()), (Poll::Ready(5), 2));
}

#[test]
fn when_all_are_cancelled_nothing_is_left() {
    #[cached]
    async fn never(n: u32) -> u32 {
        std::future::pending::<()>().await;
        n
    }

    let mut calls: Vec<_> = (0..3).map(|_| Box::pin(never(1))).collect();
    assert!(calls.iter_mut().all(|call| poll(call.as_mut()).is_pending()));
    assert_eq!(never.cache().info().in_flight, 1);
    drop(calls);
    assert_eq!((never.cache().info().in_flight, never.cache().info().len), (0, 0));
}

#[test]
fn a_cancelled_waiter_does_not_disturb_the_leader() {
    static GATE: Turnstile = Turnstile::new();
    #[cached]
    async fn gated(n: u32) -> u32 {
        GATE.pass().await;
        n
    }

    let (mut leader, mut waiter) = (Box::pin(gated(5)), Box::pin(gated(5)));
    assert!(poll(leader.as_mut()).is_pending() && poll(waiter.as_mut()).is_pending());
    drop(waiter);
    GATE.open();
    assert_eq!(poll(leader.as_mut()), Poll::Ready(5));
    assert_eq!(gated.cache().info().len, 1);
}

#[test]
fn a_waiter_may_change_its_waker() {
    static GATE: Turnstile = Turnstile::new();
    #[cached]
    async fn gated(n: u32) -> u32 {
        GATE.pass().await;
        n
    }

    let (mut leader, mut waiter) = (Box::pin(gated(5)), Box::pin(gated(5)));
    let woken = [Arc::new(Woken::default()), Arc::new(Woken::default())];
    assert!(poll(leader.as_mut()).is_pending());
    for woken in &woken {
        assert!(waiter.as_mut().poll(&mut Context::from_waker(&woken.clone().into())).is_pending());
    }
    GATE.open();
    assert_eq!(poll(leader.as_mut()), Poll::Ready(5));
    assert_eq!(woken.each_ref().map(|woken| woken.0.load(SeqCst)), [0, 1]);
}

#[test]
fn a_panicking_async_leader_hands_over() {
    static RUNS: Runs = Runs::new();
    static GATE: Turnstile = Turnstile::new();
    #[cached]
    async fn second_time(n: u32) -> u32 {
        let run = RUNS.one();
        GATE.pass().await;
        assert!(run > 1, "first time");
        n
    }

    let (mut leader, mut waiter) = (Box::pin(second_time(5)), Box::pin(second_time(5)));
    assert!(poll(leader.as_mut()).is_pending() && poll(waiter.as_mut()).is_pending());
    GATE.open();
    assert!(panics(move || poll(leader.as_mut())).contains("first time"));
    assert_eq!((poll(waiter.as_mut()), RUNS.count()), (Poll::Ready(5), 2));
}

#[tokio::test]
async fn an_async_call_that_waits_for_itself_is_told() {
    #[cached]
    async fn circle(n: u32) -> u32 {
        tokio::task::yield_now().await;
        Box::pin(circle(n)).await + 1
    }

    let error = tokio::spawn(circle(3)).await.unwrap_err().into_panic();
    let said = error.downcast_ref::<String>().unwrap();
    assert!(said.contains("circle") && said.contains("(3,)"), "{said}");
}

#[tokio::test]
async fn two_tasks_that_wait_for_each_other_are_told() {
    #[cached]
    async fn crossing(n: u32, other: u32) -> u32 {
        tokio::task::yield_now().await;
        Box::pin(crossing(other, n)).await + 1
    }

    let (one, two) = join(tokio::spawn(crossing(1, 2)), tokio::spawn(crossing(2, 1))).await;
    assert!(one.is_err() && two.is_err());
    assert_eq!(crossing.cache().info().in_flight, 0);
}

#[tokio::test]
async fn recursion_works_in_async_functions() {
    #[cached(unbounded)]
    async fn fib(n: u64) -> u64 {
        if n < 2 { n } else { Box::pin(fib(n - 1)).await + Box::pin(fib(n - 2)).await }
    }

    assert_eq!((fib(50).await, fib.cache().info().misses), (12_586_269_025, 51));
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[async_trait::async_trait]
trait Boxed {
    async fn below(&self, text: &str) -> usize;
    async fn above(&self, text: &str) -> Option<usize>;
}

#[async_trait::async_trait]
impl Boxed for u8 {
    #[cached]
    async fn below(&self, text: &str) -> usize {
        tokio::task::yield_now().await;
        text.len() + usize::from(*self)
    }

    #[cached]
    async fn above(&self, text: &str) -> Option<usize> {
        tokio::task::yield_now().await;
        text.find('a')
    }
}

struct Remote;

#[cached(skip(self))]
#[async_trait::async_trait]
impl Boxed for Remote {
    async fn below(&self, text: &str) -> usize {
        text.len()
    }

    async fn above(&self, text: &str) -> Option<usize> {
        text.find('b')
    }
}

#[tokio::test]
async fn async_trait_in_either_order() {
    assert_eq!((7.below("ab").await, 7.below("ab").await, 8.below("ab").await), (9, 9, 10));
    assert_eq!((7.above("ba").await, 7.above("ba").await, 7.above("b").await), (Some(1), Some(1), None));
    assert_eq!((Remote.below("ab").await, Remote.below("ab").await), (2, 2));
    assert_eq!((Remote.above("ab").await, Remote.above("ab").await), (Some(1), Some(1)));
    assert_eq!(<u8 as Boxed>::below.cache().info().hits, 1);
    assert_eq!(<u8 as Boxed>::above.cache().peek((&7, "ba")), Some(Some(1)));
    assert_eq!(<Remote as Boxed>::below.cache().info().hits, 1);
}

#[tokio::test]
async fn futures_stay_send() {
    #[cached(skip(cell))]
    async fn counted(text: &str, cell: std::cell::Cell<u32>) -> usize {
        tokio::task::yield_now().await;
        cell.set(1);
        text.len()
    }

    assert_eq!(is_send(counted("tea", std::cell::Cell::new(0))).await, 3);
}
