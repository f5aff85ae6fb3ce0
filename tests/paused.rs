//! tokio's paused time and festoon's clock are one time.

use std::sync::Mutex;
use std::time::Duration;

use festoon::testing::{self, Isolated};
use festoon::{Decorated, Hedge, TimedOut, bulkhead, cached, circuit_breaker, rate_limit, retry, timed, timeout};
use tokio::time::{Instant, advance, pause, resume, sleep};

const SECOND: Duration = Duration::from_secs(1);

#[cached(ttl = 5m)]
fn price(sku: &str) -> usize {
    sku.len()
}

#[retry(attempts = 3, wait = fixed(10s), jitter = none)]
async fn connect() -> Result<(), String> {
    Err("refused".to_owned())
}

#[retry(attempts = 3, wait = fixed(10s), jitter = none)]
fn connect_blocking() -> Result<(), String> {
    Err("refused".to_owned())
}

/// Runs a test inside of a runtime whose time is paused.
fn paused<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(test)
}

#[tokio::test(start_paused = true)]
async fn values_expire_in_tokios_time() {
    let (_caches, clock) = (testing::fresh_caches(), testing::clock());
    price("tea");
    advance(299 * SECOND).await;
    price("tea");
    assert_eq!(price.cache().info().misses, 1);
    advance(2 * SECOND).await;
    price("tea");
    sleep(301 * SECOND).await;
    price("tea");
    assert_eq!((price.cache().info().misses, clock.elapsed()), (3, 602 * SECOND));
}

#[festoon::test]
#[tokio::test(start_paused = true)]
async fn the_clock_advances_tokios_time(test: &Isolated) {
    let start = Instant::now();
    let late = tokio::spawn(async move {
        sleep(5 * SECOND).await;
        start.elapsed()
    });
    tokio::task::yield_now().await;
    test.clock().advance(7 * SECOND);
    assert_eq!((start.elapsed(), test.clock().elapsed()), (7 * SECOND, 7 * SECOND));
    assert_eq!(late.await.unwrap(), 7 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn waits_and_tokios_sleeps_interleave() {
    let clock = testing::clock();
    let order = Mutex::new(Vec::new());
    let note = |what: &'static str| order.lock().unwrap().push((what, clock.elapsed().as_secs()));
    let retried = async {
        connect().await.unwrap_err();
        note("given up");
    };
    let ticking = async {
        for _ in 0..3 {
            sleep(7 * SECOND).await;
            note("tick");
        }
    };
    let waiting = async {
        clock.wait(15 * SECOND).await;
        note("waited");
    };
    tokio::join!(retried, ticking, waiting);
    let expected = [("tick", 7), ("tick", 14), ("waited", 15), ("given up", 20), ("tick", 21)];
    assert_eq!(*order.lock().unwrap(), expected);
    assert_eq!(clock.sleeps(), [10 * SECOND; 2]);
}

#[tokio::test(start_paused = true)]
async fn calls_overlap_without_a_simulation() {
    let clock = testing::clock();
    let _ = tokio::join!(connect(), connect());
    assert_eq!(clock.elapsed(), 20 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_blocking_wait_advances_tokios_time() {
    let (_clock, start) = (testing::clock(), Instant::now());
    connect_blocking().unwrap_err();
    assert_eq!(start.elapsed(), 20 * SECOND);
}

#[timeout(10s)]
async fn slow(length: Duration) -> Result<&'static str, TimedOut> {
    sleep(length).await;
    Ok("done")
}

#[tokio::test(start_paused = true)]
async fn a_timeout_ends_tokios_sleep() {
    let clock = testing::clock();
    assert_eq!(slow(9 * SECOND).await.unwrap(), "done");
    assert_eq!(clock.elapsed(), 9 * SECOND);
    slow(11 * SECOND).await.unwrap_err();
    assert_eq!(clock.elapsed(), 19 * SECOND);
}

#[retry(attempts = unlimited, within = 60s, wait = fixed(10s), jitter = none)]
async fn within_a_minute(length: Duration) -> Result<(), String> {
    sleep(length).await;
    Err("refused".to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_deadline_counts_what_the_body_slept() {
    let clock = testing::clock();
    within_a_minute(15 * SECOND).await.unwrap_err();
    // The third attempt ends at 65 s.
    assert_eq!(clock.elapsed(), 65 * SECOND);
}

#[rate_limit(1 / 10s, wait)]
async fn polite() {}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_lets_tokios_time_go_by() {
    let clock = testing::clock();
    polite().await;
    sleep(4 * SECOND).await;
    polite().await;
    polite().await;
    assert_eq!(clock.elapsed(), 20 * SECOND);
}

#[bulkhead(1, wait = 10s)]
async fn alone(length: Duration) -> Result<(), festoon::Refused> {
    sleep(length).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_bulkheads_wait_is_in_tokios_time() {
    let clock = testing::clock();
    let (first, second) = tokio::join!(alone(20 * SECOND), async {
        let refused = alone(SECOND).await;
        (refused.is_err(), clock.elapsed())
    });
    first.unwrap();
    assert_eq!((second, clock.elapsed()), ((true, 10 * SECOND), 20 * SECOND));
    let (first, second) = tokio::join!(alone(9 * SECOND), alone(9 * SECOND));
    first.and(second).unwrap();
    assert_eq!(clock.elapsed(), 38 * SECOND);
}

#[circuit_breaker(failure_rate = 0.5, minimum = 1, open_for = 30s)]
async fn broken() -> Result<(), Box<dyn std::error::Error>> {
    Err("broken".into())
}

#[tokio::test(start_paused = true)]
async fn a_circuit_closes_in_tokios_time() {
    let _clock = testing::clock();
    broken().await.unwrap_err();
    assert_ne!(broken().await.unwrap_err().to_string(), "broken");
    advance(31 * SECOND).await;
    assert_eq!(broken().await.unwrap_err().to_string(), "broken");
}

#[tokio::test(start_paused = true)]
async fn a_hedge_starts_in_tokios_time() {
    let clock = testing::clock();
    let hedge = Hedge::after(SECOND);
    let read = async || {
        sleep(5 * SECOND).await;
        Ok::<_, String>(3)
    };
    assert_eq!(hedge.run_async(read).await, Ok(3));
    assert_eq!((hedge.hedged(), clock.elapsed()), (1, 5 * SECOND));
}

#[timed]
async fn measured() {
    sleep(3 * SECOND).await;
}

#[festoon::test]
#[tokio::test(start_paused = true)]
async fn calls_are_measured_in_tokios_time() {
    measured().await;
    let error = measured.timing().total().abs_diff(3 * SECOND);
    assert!(error < Duration::from_millis(1), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn other_threads_share_it() {
    let (_caches, clock) = (testing::fresh_caches(), testing::clock());
    let (handle, start) = (clock.handle(), Instant::now());
    let sleeping = tokio::spawn(sleep(SECOND));
    let elapsed = tokio::task::spawn_blocking(move || {
        // While this runs, tokio does not advance by itself.
        handle.advance(3 * SECOND);
        handle.elapsed()
    });
    assert_eq!((elapsed.await.unwrap(), start.elapsed()), (3 * SECOND, 3 * SECOND));
    sleeping.await.unwrap();
    let handle = clock.handle();
    std::thread::spawn(move || handle.run(connect_blocking)).join().unwrap().unwrap_err();
    assert_eq!(start.elapsed(), 23 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_advance_wakes_a_runtime_that_is_asleep() {
    let clock = testing::clock();
    let (handle, (sender, receiver)) = (clock.handle(), std::sync::mpsc::channel());
    let blocking = tokio::task::spawn_blocking(move || {
        std::iter::repeat_with(|| handle.advance(SECOND)).find(|()| receiver.try_recv().is_ok())
    });
    sleep(3600 * SECOND).await;
    sender.send(()).unwrap();
    blocking.await.unwrap();
    assert!(clock.elapsed() >= 3600 * SECOND);
}

#[tokio::test]
async fn time_that_is_paused_later_is_followed_by_a_clock_made_later() {
    pause();
    let clock = testing::clock();
    advance(3 * SECOND).await;
    assert_eq!(clock.elapsed(), 3 * SECOND);
    resume();
    let before = clock.elapsed();
    while clock.elapsed() == before {
        std::hint::spin_loop();
    }
}

#[test]
#[should_panic(expected = "call `festoon::testing::clock()` after that")]
fn a_clock_made_before_the_pause_is_refused() {
    paused(async {
        resume();
        let _clock = testing::clock();
        price("tea");
        pause();
        advance(301 * SECOND).await;
        price("tea");
    });
}

#[tokio::test(start_paused = true)]
#[festoon::test]
#[should_panic(expected = "put `#[festoon::test]` above")]
async fn a_clock_made_outside_of_the_runtime_is_refused() {
    connect().await.unwrap_err();
}

#[test]
#[should_panic(expected = "`.await` the future instead")]
fn a_simulation_inside_of_paused_time_is_refused() {
    paused(async { testing::clock().simulate(connect()) }).unwrap_err();
}

#[tokio::test]
async fn time_that_is_not_paused_is_not_followed() {
    let (clock, start) = (testing::clock(), Instant::now());
    connect().await.unwrap_err();
    clock.advance(3600 * SECOND);
    assert_eq!(clock.elapsed(), 3620 * SECOND);
    assert!(start.elapsed() < 3600 * SECOND);
}

#[test]
fn without_a_clock_it_is_told() {
    let told = crate::events::of(|| {
        let _ = paused(connect());
    });
    assert!(told.iter().any(|event| event.contains("tokio's time is paused, but festoon's is not")), "{told:?}");
}
