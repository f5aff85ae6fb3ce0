//! A call that can only wait for itself panics, and no other call does.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use festoon::{Register, cached, registry};
use futures::stream::{FuturesUnordered, StreamExt};

/// Lets everybody else go on once.
async fn turn() {
    tokio::task::yield_now().await;
}

/// One poll of a future that is kept.
async fn look_once<F: Future + Unpin>(future: &mut F) -> bool {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *future).poll(context).is_ready())).await
}

/// Asks for `other` as a timeout around `&mut future` does, keeps that wait and goes on without it.
#[cached]
async fn impatient(n: u32, other: u32) -> u32 {
    if n == 1 {
        turn().await;
        let mut wait = Box::pin(impatient(other, n));
        assert!(!look_once(&mut wait).await, "the other one is under way");
        turn().await;
        turn().await;
        turn().await;
        return 10;
    }
    turn().await;
    turn().await;
    Box::pin(impatient(other, n)).await + 1
}

#[tokio::test]
async fn a_wait_that_is_kept_but_not_polled_is_none() {
    let (one, two) = (tokio::spawn(impatient(1, 2)), tokio::spawn(impatient(2, 1)));
    assert_eq!((one.await.unwrap(), two.await.unwrap()), (10, 11));
}

/// Comes back to the wait that it has kept.
#[cached]
async fn persistent(n: u32, other: u32) -> u32 {
    if n == 1 {
        turn().await;
        let mut wait = Box::pin(persistent(other, n));
        assert!(!look_once(&mut wait).await, "the other one is under way");
        for _ in 0..5 {
            turn().await;
        }
        return wait.await + 1;
    }
    turn().await;
    turn().await;
    Box::pin(persistent(other, n)).await + 1
}

#[tokio::test]
async fn a_wait_that_is_polled_again_counts_again() {
    let (one, two) = (tokio::spawn(persistent(1, 2)), tokio::spawn(persistent(2, 1)));
    let said = one.await.unwrap_err().into_panic().downcast::<String>().unwrap();
    assert!(said.contains("persistent") && said.contains("(2, 1)"), "{said}");
    // With the first one gone, it runs for the second one, and asks for it.
    assert!(two.await.is_err());
}

/// Waits among other futures that have wakers of their own, and that are polled only when they are woken.
#[cached]
async fn gathering(n: u32, other: u32) -> u32 {
    turn().await;
    let all: [Pin<Box<dyn Future<Output = u32> + Send>>; 2] = [gathered(other, n), Box::pin(late(n))];
    let mut all = FuturesUnordered::from_iter(all);
    let mut sum = 0;
    while let Some(one) = all.next().await {
        sum += one;
    }
    sum
}

fn gathered(n: u32, other: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(gathering(n, other))
}

async fn late(n: u32) -> u32 {
    for _ in 0..n * 5 {
        turn().await;
    }
    n
}

#[tokio::test]
async fn a_wait_with_a_waker_of_its_own_counts_until_it_ends() {
    let both = async { (tokio::spawn(gathering(1, 2)).await, tokio::spawn(gathering(2, 1)).await) };
    let both = pin!(both);
    let (one, two) = tokio::time::timeout(Duration::from_secs(20), both).await.expect("they wait for each other");
    assert!(one.is_err() || two.is_err());
}

#[registry]
trait Part: Sync {
    fn number(&self) -> u32;
}

/// Where two threads meet, both inside of a constructor.
static MEET: std::sync::Barrier = std::sync::Barrier::new(2);

fn made_with(other: &str) -> Result<u32, festoon::CreateError> {
    static FIRST: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    if FIRST.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2 {
        MEET.wait();
    }
    <dyn Part>::registry().singleton(other).map(Part::number)
}

#[derive(Register)]
#[register(dyn Part, name = "left", new = Self::new, singleton)]
struct Left(u32);

#[derive(Register)]
#[register(dyn Part, name = "right", new = Self::new, singleton)]
struct Right(u32);

impl Left {
    fn new() -> Result<Self, festoon::CreateError> {
        made_with("right").map(Left)
    }
}

impl Right {
    fn new() -> Result<Self, festoon::CreateError> {
        made_with("left").map(Right)
    }
}

impl Part for Left {
    fn number(&self) -> u32 {
        self.0
    }
}

impl Part for Right {
    fn number(&self) -> u32 {
        self.0
    }
}

#[test]
fn two_singletons_that_ask_for_each_other_on_two_threads_are_told() {
    let (told, answers) = mpsc::channel();
    for name in ["left", "right"] {
        let told = told.clone();
        // Not joined: if they hang, the test still ends.
        thread::spawn(move || told.send(<dyn Part>::registry().singleton(name).err().map(|error| error.to_string())));
    }
    let next = || answers.recv_timeout(Duration::from_secs(20)).expect("they wait for each other").unwrap();
    let errors = [next(), next()];
    let waits = "waits for the constructor that requests it";
    assert!(errors.iter().any(|error| error.contains(waits)), "{errors:?}");
    assert!(errors.iter().all(|error| error.contains("cannot create")), "{errors:?}");
}
