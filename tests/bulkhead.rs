//! `#[bulkhead]`: which calls run, which wait in which order, and what happens to calls that leave.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use festoon::{Bulkhead, Decorated, Reason, Refused, bulkhead, decorate, testing};
use futures::FutureExt;
use futures::executor::block_on;
use futures::future::join_all;

#[bulkhead(2)]
fn deep(n: u32) -> Result<u32, Refused> {
    if n == 0 { Ok(0) } else { deep(n - 1) }
}

#[test]
fn what_is_too_much_is_refused() {
    assert_eq!(deep(1), Ok(0));
    let refused = deep(2).unwrap_err();
    assert_eq!((refused.policy(), refused.reason(), refused.retry_after()), ("bulkhead", Reason::Full, None));
    assert_eq!((deep.bulkhead().running(), deep.bulkhead().refused(), deep(1)), (0, 1, Ok(0)));
}

/// Pending until its gate is open.
struct Gate(Cell<bool>);

impl Gate {
    fn shut() -> Self {
        Gate(Cell::new(false))
    }

    async fn pass(&self) {
        poll_fn(|_| if self.0.get() { Poll::Ready(()) } else { Poll::Pending }).await;
    }
}

#[bulkhead(1, queue = 2)]
async fn queued(n: u32, gate: &Gate, log: &RefCell<Vec<u32>>) -> Option<u32> {
    log.borrow_mut().push(n);
    gate.pass().await;
    Some(n)
}

#[test]
fn a_queue_has_its_length_and_its_order() {
    let (gate, log) = (Gate::shut(), RefCell::new(Vec::new()));
    let call = |n| Box::pin(queued(n, &gate, &log));
    let mut calls: Vec<_> = (1..=3).map(call).collect();
    assert!(calls.iter_mut().all(|call| call.as_mut().now_or_never().is_none()));
    let handle = queued.bulkhead();
    assert_eq!((handle.running(), handle.waiting(), &*log.borrow()), (1, 2, &vec![1]));
    assert_eq!(block_on(call(4)), None, "the queue is full");
    gate.0.set(true);
    // The last one is asked first, and has to wait nevertheless.
    assert!(calls[2].as_mut().now_or_never().is_none());
    assert_eq!(calls[0].as_mut().now_or_never(), Some(Some(1)));
    assert!(calls[2].as_mut().now_or_never().is_none(), "the second one comes before it");
    assert_eq!(calls[1].as_mut().now_or_never(), Some(Some(2)));
    assert_eq!(calls[2].as_mut().now_or_never(), Some(Some(3)));
    assert_eq!((queued.bulkhead().running(), queued.bulkhead().waiting(), log.take()), (0, 0, vec![1, 2, 3]));
}

#[test]
fn who_comes_later_does_not_overtake_who_was_let_in() {
    let bulkhead = Bulkhead::new(1).queue(9);
    let place = bulkhead.enter().unwrap();
    let mut first = Box::pin(bulkhead.enter_async());
    assert!(first.as_mut().now_or_never().is_none());
    drop(place);
    // It is inside, and does not know it yet.
    assert_eq!((bulkhead.running(), bulkhead.waiting()), (1, 0));
    assert!(bulkhead.enter_async().now_or_never().is_none());
    assert!(first.now_or_never().is_some_and(|entered| entered.is_ok()));
    assert_eq!((bulkhead.running(), bulkhead.waiting()), (0, 0));
}

#[test]
fn whoever_is_dropped_at_any_time_leaves_nothing_behind() {
    let bulkhead = Bulkhead::new(1).queue(9);
    let place = bulkhead.enter().unwrap();
    let mut waiting: Vec<_> = (0..4).map(|_| Box::pin(bulkhead.enter_async())).collect();
    assert!(waiting.iter_mut().all(|one| one.as_mut().now_or_never().is_none()));
    drop(waiting.remove(1)); // in the middle of the queue
    drop(place); // the first one is let in
    drop(waiting.remove(0)); // and goes, before it knows: the next one is let in
    assert_eq!((bulkhead.running(), bulkhead.waiting()), (1, 1));
    let place = waiting.remove(0).now_or_never().unwrap();
    drop(waiting.remove(0));
    drop(place);
    assert_eq!((bulkhead.running(), bulkhead.waiting()), (0, 0));
    drop(bulkhead.run_async(ready(Some(1))));
    assert_eq!(bulkhead.running(), 0, "a future that was not polled");
}

#[bulkhead(1)]
fn panics(panics: bool) -> Option<()> {
    assert!(!panics, "wanted");
    Some(())
}

#[bulkhead(1)]
async fn hangs() -> Option<()> {
    pending().await
}

#[test]
fn a_panic_and_a_cancelled_call_leave_their_place() {
    assert!(catch_unwind(|| panics(true)).is_err());
    assert_eq!(panics(false), Some(()));
    let mut call = Box::pin(hangs());
    assert!(call.as_mut().now_or_never().is_none());
    assert_eq!((block_on(hangs()), hangs.bulkhead().running()), (None, 1));
    drop(call);
    assert_eq!(hangs.bulkhead().running(), 0);
}

#[bulkhead(1, wait = 2s)]
async fn waits_a_while(gate: &Gate) -> Result<(), Refused> {
    gate.pass().await;
    Ok(())
}

#[test]
fn who_has_waited_too_long_is_refused() {
    let clock = testing::clock();
    let gate = Gate::shut();
    let (mut first, mut second) = (Box::pin(waits_a_while(&gate)), Box::pin(waits_a_while(&gate)));
    assert!(first.as_mut().now_or_never().is_none() && second.as_mut().now_or_never().is_none());
    clock.advance(Duration::from_millis(1_999));
    assert!(second.as_mut().now_or_never().is_none());
    clock.advance(Duration::from_millis(1));
    assert_eq!(second.now_or_never().unwrap().unwrap_err().reason(), Reason::WaitedTooLong);
    assert_eq!((waits_a_while.bulkhead().running(), waits_a_while.bulkhead().waiting()), (1, 0));
    gate.0.set(true);
    assert_eq!(block_on(first), Ok(()));
}

#[bulkhead(1, wait = 20ms)]
fn blocks_a_while(then: &dyn Fn()) -> Result<(), Refused> {
    then();
    Ok(())
}

/// Without a virtual clock: the thread is parked.
#[test]
fn a_thread_that_has_waited_too_long_goes_on() {
    let inside = RefCell::new(Ok(()));
    let outer = blocks_a_while(&|| {
        let _before = inside.replace(blocks_a_while(&|| ()));
    });
    assert_eq!((outer, inside.take_error()), (Ok(()), Some(Reason::WaitedTooLong)));
    assert_eq!(blocks_a_while.bulkhead().waiting(), 0);
}

trait TakeError {
    fn take_error(self) -> Option<Reason>;
}

impl TakeError for RefCell<Result<(), Refused>> {
    fn take_error(self) -> Option<Reason> {
        self.into_inner().err().map(|refused| refused.reason())
    }
}

static INSIDE: AtomicU32 = AtomicU32::new(0);
static MOST: AtomicU32 = AtomicU32::new(0);

fn come_and_go() {
    MOST.fetch_max(INSIDE.fetch_add(1, SeqCst) + 1, SeqCst);
    std::thread::yield_now();
    INSIDE.fetch_sub(1, SeqCst);
}

#[bulkhead(3, wait)]
fn crowded() -> u32 {
    come_and_go();
    1
}

#[test]
fn threads_wait_for_each_other_and_none_is_lost() {
    let runs: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| (0..500).map(|_| crowded()).sum::<u32>())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!((runs, crowded.bulkhead().running(), crowded.bulkhead().waiting()), (4_000, 0, 0));
    assert_eq!(MOST.load(SeqCst), 3);
}

#[bulkhead(2, wait)]
async fn crowded_later(inside: &Cell<u32>) -> u32 {
    inside.set(inside.get() + 1);
    let now = inside.get();
    tokio::task::yield_now().await;
    inside.set(inside.get() - 1);
    now
}

#[tokio::test]
async fn tasks_wait_for_each_other() {
    let inside = Cell::new(0);
    let seen = join_all((0..50).map(|_| crowded_later(&inside))).await;
    assert_eq!((seen.len(), seen.iter().max()), (50, Some(&2)));
}

#[bulkhead(1, key = tenant)]
async fn by_tenant(tenant: &str) -> Option<usize> {
    tokio::task::yield_now().await;
    Some(tenant.len())
}

#[test]
fn each_key_has_its_own() {
    let mut first = Box::pin(by_tenant("a"));
    assert!(first.as_mut().now_or_never().is_none());
    assert_eq!((block_on(by_tenant("a")), block_on(by_tenant("bc"))), (None, Some(2)));
    assert_eq!(by_tenant.bulkhead().key("a").unwrap().running(), 1);
    assert_eq!((by_tenant.bulkhead().running(), by_tenant.bulkhead().refused()), (1, 1));
    assert_eq!(block_on(first), Some(1));
}

#[bulkhead(10, adaptive, max = 20)]
fn follows(clock: &testing::Handle, millis: u64, fails: bool) -> Option<()> {
    clock.advance(Duration::from_millis(millis));
    (!fails).then_some(())
}

#[test]
fn an_adaptive_limit_follows_what_is_called() {
    let clock = testing::clock();
    let limit = || follows.bulkhead().limit();
    assert_eq!(limit(), 10);
    follows(&clock, 1, true);
    assert_eq!(limit(), 9);
    assert!(catch_unwind(AssertUnwindSafe(|| follows(&clock, 1, false))).is_ok());
    assert_eq!(limit(), 9, "one call does not reach it");

    let bulkhead = Bulkhead::new(4).adaptive(40);
    let crowd = |millis: u64| {
        for _ in 0..30 {
            let places: Vec<_> = (0..bulkhead.limit()).map(|_| bulkhead.enter().unwrap()).collect();
            clock.advance(Duration::from_millis(millis));
            places.into_iter().for_each(|place| place.ended(false));
        }
    };
    crowd(10);
    assert_eq!(bulkhead.limit(), 40);
    crowd(200);
    assert!(bulkhead.limit() < 20, "{}", bulkhead.limit());
    assert_eq!(bulkhead.running(), 0);
}

#[test]
fn a_growing_limit_lets_in_who_waits() {
    let bulkhead = Bulkhead::new(2).queue(9).adaptive(9);
    let places = [bulkhead.enter().unwrap(), bulkhead.enter().unwrap()];
    let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(bulkhead.enter_async())).collect();
    assert!(waiting.iter_mut().all(|one| one.as_mut().now_or_never().is_none()));
    let clock = testing::clock();
    clock.advance(Duration::from_millis(1));
    for place in places {
        place.ended(false);
        clock.advance(Duration::from_millis(1));
    }
    while bulkhead.waiting() > 0 {
        let place = waiting.remove(0).now_or_never().unwrap().unwrap();
        place.ended(false);
    }
    drop(waiting);
    assert_eq!((bulkhead.running(), bulkhead.waiting()), (0, 0));
}

static SHARED: Bulkhead = Bulkhead::new(1);

#[decorate(layer = &SHARED)]
fn one(inside: &dyn Fn() -> Option<u8>) -> Option<u8> {
    inside()
}

#[decorate(layer = &SHARED)]
async fn other() -> Option<u8> {
    Some(2)
}

#[test]
fn functions_share_one_as_a_value() {
    assert_eq!(block_on(other()), Some(2));
    assert_eq!(one(&|| block_on(other())), None);
}

struct Shop {
    calls: u32,
}

#[bulkhead(1)]
impl Shop {
    fn changed(&mut self, text: String) -> Option<usize> {
        self.calls += 1;
        Some(text.len())
    }

    async fn later<T>(self, value: T) -> Option<(T, u32)> {
        ready(()).await;
        Some((value, self.calls))
    }
}

#[test]
fn methods_of_a_block_have_one_each() {
    let mut shop = Shop { calls: 0 };
    assert_eq!(shop.changed("ab".to_owned()), Some(2));
    assert_eq!(block_on(shop.later("x")), Some(("x", 1)));
    assert_eq!(Shop::changed.bulkhead().running(), 0);
}

#[test]
fn futures_stay_send_and_small() {
    async fn plain(key: &str) -> Option<usize> {
        ready(()).await;
        Some(key.len())
    }
    #[bulkhead(1, queue = 9)]
    async fn limited(key: &str) -> Option<usize> {
        ready(()).await;
        Some(key.len())
    }
    fn is_send<T: Send + std::panic::UnwindSafe>(value: T) -> T {
        value
    }
    let (plain, limited) = (size_of_val(&plain("a")), size_of_val(&is_send(limited("a"))));
    assert!(limited <= plain + 88, "{plain} {limited}");
}
