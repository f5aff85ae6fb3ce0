//! Eight tasks and a server that fails, stalls and recovers, for real: nothing is lost, and nothing done twice that the policy
//! does not do twice. `FESTOON_SOAK_SECONDS=10` for a longer run.
//!
//! What is checked holds however slow the machine is: the phases of the server end when the breaker has followed them.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use festoon::{BreakerState, Decorated, Refused, TimedOut, circuit_breaker, retry, timeout};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

const TASKS: usize = 8;
const ATTEMPTS: u32 = 3;

/// What the server does: some of what it is asked fails even when it is well, and some orders always do.
const WELL: u8 = 0;
const FAILING: u8 = 1;
const STALLING: u8 = 2;

#[derive(Default)]
struct Shop {
    mode: AtomicU8,
    changed: Notify,
    /// Of each order: how often it has come, and how often it was accepted.
    orders: Mutex<HashMap<u64, (u32, u32)>>,
}

impl Shop {
    fn set(&self, mode: u8) {
        self.mode.store(mode, SeqCst);
        self.changed.notify_waiters();
    }

    fn count(&self, id: u64, which: impl FnOnce(&mut (u32, u32)) -> &mut u32) -> u32 {
        let mut orders = self.orders.lock().unwrap();
        let count = which(orders.entry(id).or_default());
        *count += 1;
        *count
    }
}

async fn accept(State(shop): State<Arc<Shop>>, Path(id): Path<u64>) -> StatusCode {
    let came = shop.count(id, |order| &mut order.0);
    let changed = shop.changed.notified();
    if shop.mode.load(SeqCst) == STALLING {
        changed.await;
    }
    let is_unlucky = [id % 40, (id + u64::from(came)) % 7].contains(&0);
    if shop.mode.load(SeqCst) == FAILING || is_unlucky {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    shop.count(id, |order| &mut order.1);
    StatusCode::OK
}

#[derive(Debug, PartialEq)]
enum Failure {
    Refused,
    TimedOut,
    Status(u16),
    Broken(io::ErrorKind),
}

impl From<Refused> for Failure {
    fn from(_: Refused) -> Self {
        Failure::Refused
    }
}

impl From<TimedOut> for Failure {
    fn from(_: TimedOut) -> Self {
        Failure::TimedOut
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Broken(error.kind())
    }
}

static PORT: AtomicU16 = AtomicU16::new(0);
static SENT: AtomicU64 = AtomicU64::new(0);

/// What a client knows of one order.
#[derive(Debug, Default)]
struct Order {
    id: u64,
    sent: u32,
}

#[retry(attempts = ATTEMPTS, wait = fixed(2ms), when = |failure| *failure != Failure::Refused)]
#[circuit_breaker(window = 20, minimum = 10, failure_rate = 0.5, open_for = 30ms, probes = 2)]
#[timeout(400ms)]
async fn order(order: &mut Order) -> Result<(), Failure> {
    order.sent += 1;
    SENT.fetch_add(1, SeqCst);
    let mut connection = TcpStream::connect(("127.0.0.1", PORT.load(SeqCst))).await?;
    let request = format!("GET /orders/{} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n", order.id);
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    match answer.split(' ').nth(1).and_then(|status| status.parse().ok()) {
        Some(200) => Ok(()),
        status => Err(Failure::Status(status.unwrap_or(0))),
    }
}

/// How an order has ended.
type Ended = (Order, Result<(), Failure>);

async fn work(is_over: &AtomicBool, ids: &AtomicU64) -> Vec<Ended> {
    let mut ended = Vec::new();
    while !is_over.load(SeqCst) {
        let mut new = Order { id: ids.fetch_add(1, SeqCst), sent: 0 };
        let result = order(&mut new).await;
        if result == Err(Failure::Refused) {
            // An open breaker answers at once.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        ended.push((new, result));
    }
    ended
}

/// The breaker follows what the server does.
async fn until(state: BreakerState) {
    let start = Instant::now();
    while order.breaker().state() != state {
        assert!(start.elapsed() < Duration::from_secs(100), "never {state:?}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn days(shop: &Shop, length: Duration) -> u32 {
    let start = Instant::now();
    let mut nights = 0;
    while start.elapsed() < length || nights < 2 {
        for mode in [FAILING, STALLING] {
            shop.set(WELL);
            until(BreakerState::Closed).await;
            let accepted = order.retries().calls;
            while order.retries().calls < accepted + 400 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            shop.set(mode);
            until(BreakerState::Open).await;
            nights += 1;
        }
    }
    shop.set(WELL);
    until(BreakerState::Closed).await;
    nights
}

fn check(shop: &Shop, ended: &[Ended]) {
    let orders = shop.orders.lock().unwrap();
    for (order, result) in ended {
        let (came, accepted) = orders.get(&order.id).copied().unwrap_or_default();
        assert!(came <= order.sent && order.sent <= ATTEMPTS, "{order:?} came {came} times");
        match result {
            // Not lost.
            Ok(()) => assert!(accepted >= 1, "{order:?} was never accepted"),
            // Given up only where the policy says so.
            Err(Failure::Refused) => assert!(order.sent < ATTEMPTS, "{order:?}"),
            Err(_) => assert_eq!(order.sent, ATTEMPTS, "{order:?} {result:?}"),
        }
        // Accepted again only where the client could not know: each attempt before the last one has failed.
        assert!(accepted <= order.sent, "{order:?} was accepted {accepted} times");
    }
    // An answer that came in time ends the call.
    let (once, all) = (ended.iter().filter(|(order, result)| result.is_ok() && order.sent == 1), orders.values());
    assert!(once.into_iter().all(|(order, _)| orders[&order.id] == (1, 1)));
    assert!(all.map(|(came, _)| u64::from(*came)).sum::<u64>() <= SENT.load(SeqCst));
    // All that the policy does has been seen.
    let is_there = |what: &str, seen: &dyn Fn(&Ended) -> bool| assert!(ended.iter().any(seen), "no order {what}");
    is_there("was tried again with success", &|(order, result)| result.is_ok() && order.sent > 1);
    is_there("was given up", &|(_, result)| matches!(result, Err(Failure::Status(500))));
    is_there("was refused", &|(_, result)| *result == Err(Failure::Refused));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_done_twice() {
    let seconds = std::env::var("FESTOON_SOAK_SECONDS").ok().and_then(|text| text.parse().ok());
    let shop = Arc::new(Shop::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    PORT.store(listener.local_addr().unwrap().port(), SeqCst);
    let router = Router::new().route("/orders/{id}", get(accept)).with_state(Arc::clone(&shop));
    let server = tokio::spawn(async { axum::serve(listener, router).await });

    let (is_over, ids) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (is_over, ids) = (Arc::clone(&is_over), Arc::clone(&ids));
            tokio::spawn(async move { work(&is_over, &ids).await })
        })
        .collect();
    let nights = days(&shop, Duration::from_secs(seconds.unwrap_or(1))).await;
    is_over.store(true, SeqCst);
    let mut ended = Vec::new();
    for task in tasks {
        ended.extend(task.await.unwrap());
    }
    server.abort();

    // Each call has ended, and each attempt was either sent or refused.
    assert_eq!(ended.len() as u64, ids.load(SeqCst));
    let retries = order.retries();
    let refused = order.breaker().stats().refused;
    assert_eq!(retries.calls, ended.len() as u64);
    assert_eq!(retries.calls + retries.retried, SENT.load(SeqCst) + refused);
    assert!(refused > 0 && nights >= 2);
    check(&shop, &ended);
}
