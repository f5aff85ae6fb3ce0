//! Three tiers of instances in virtual time; the last one fails for a minute.
//!
//! A request goes to an instance of the first tier, which calls one of the second, which calls one of the third. Each
//! instance protects its calls with its own policies; only the work and the failures are simulated.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use festoon::retry::When;
use festoon::testing::{self, Handle};
use festoon::{Breaker, Budget, Hedge, Refused, Retry, TimedOut, Timeout, Wait};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub const TIERS: usize = 3;
/// The load on each instance.
const REQUESTS_PER_SECOND: u32 = 20;
/// The budget: a share of the calls, and at least this many retries a second.
pub const RATIO: f64 = 0.1;
pub const FLOOR: u32 = 1;

/// The time limits of an attempt to call the second and the third tier.
const PATIENCE: [Duration; TIERS - 1] = [Duration::from_secs(1), Duration::from_millis(250)];

/// When the last tier fails, in seconds.
pub const FAILS: std::ops::Range<usize> = 5..65;
pub const SECONDS: usize = 75;

pub const FAILING: [f64; 3] = [0.05, 0.5, 1.0];

/// How the instances of the first two tiers protect their calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Three attempts, with exponential waits and full jitter.
    Naive,
    /// The same, within a budget of a tenth of the calls.
    Budget,
    /// The same, each attempt behind a circuit breaker.
    Breakers,
    /// No retries: a second call if the first one takes longer than 95 % of calls.
    Hedges,
}

pub const PROTECTIONS: [Protection; 4] =
    [Protection::Naive, Protection::Budget, Protection::Breakers, Protection::Hedges];

impl Protection {
    pub fn name(self) -> &'static str {
        match self {
            Protection::Naive => "naive retries",
            Protection::Budget => "retries within a budget",
            Protection::Breakers => "a budget and breakers",
            Protection::Hedges => "hedges",
        }
    }
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Calls to each tier, in each second.
    pub calls: [Vec<u64>; TIERS],
    /// Requests that arrived while the last tier failed, and how many of them succeeded.
    requests: u64,
    served: u64,
}

impl Outcome {
    /// Calls to the last tier for each request, while it fails.
    pub fn amplification(&self) -> f64 {
        let [first, .., last] = &self.calls;
        sum(&last[FAILS]) / sum(&first[FAILS])
    }

    /// The share of requests that succeed while the last tier fails.
    pub fn served(&self) -> f64 {
        self.served as f64 / self.requests as f64
    }
}

pub fn sum(calls: &[u64]) -> f64 {
    calls.iter().sum::<u64>() as f64
}

/// One run, determined by its seed.
pub fn run(instances: usize, protection: Protection, failing: f64, seed: u64) -> Outcome {
    let clock = testing::clock();
    clock.seed(seed);
    let fleet = Fleet {
        clock: clock.handle(),
        random: RefCell::new(fastrand::Rng::with_seed(seed)),
        instances,
        protection,
        failing,
        clients: (0..instances * (TIERS - 1)).map(|_| Client::new()).collect(),
        calls: std::array::from_fn(|_| (0..=SECONDS).map(|_| Cell::new(0)).collect()),
        requests: Cell::new(0),
        served: Cell::new(0),
    };
    clock.simulate(fleet.day());
    let calls = fleet.calls.each_ref().map(|tier| tier[..SECONDS].iter().map(Cell::get).collect());
    Outcome { calls, requests: fleet.requests.get(), served: fleet.served.get() }
}

struct Fleet {
    clock: Handle,
    random: RefCell<fastrand::Rng>,
    /// In each tier.
    instances: usize,
    protection: Protection,
    failing: f64,
    /// One for each instance of the first two tiers.
    clients: Vec<Client>,
    calls: [Vec<Cell<u64>>; TIERS],
    requests: Cell<u64>,
    served: Cell<u64>,
}

type IsRetried = fn(&Failure) -> bool;

/// How an instance calls the next tier.
struct Client {
    budget: &'static Budget,
    retry: Retry<When<IsRetried>>,
    breaker: Breaker,
    hedge: Hedge,
}

/// Why a call has failed.
#[derive(Debug)]
enum Failure {
    Down,
    TimedOut,
    Refused,
}

impl From<TimedOut> for Failure {
    fn from(_: TimedOut) -> Self {
        Failure::TimedOut
    }
}

impl From<Refused> for Failure {
    fn from(_: Refused) -> Self {
        Failure::Refused
    }
}

impl Client {
    fn new() -> Self {
        let wait = Wait::exponential(Duration::from_millis(50)).max(Duration::from_secs(1));
        Client {
            budget: Box::leak(Box::new(Budget::new(RATIO).floor(FLOOR))),
            retry: Retry::new().attempts(3).wait(wait).when(|failure| !matches!(failure, Failure::Refused)),
            breaker: Breaker::new().window_of_time(Duration::from_secs(10)).open_for(Duration::from_secs(5)),
            hedge: Hedge::after_share(0.95).budget(RATIO),
        }
    }
}

impl Fleet {
    /// Requests arrive at random moments, and everything runs to its end.
    async fn day(&self) {
        let mut running = FuturesUnordered::new();
        let mut arrivals = pin!(self.clock.wait(self.gap()));
        poll_fn(|context| {
            while self.second() < SECONDS && arrivals.as_mut().poll(context).is_ready() {
                arrivals.set(self.clock.wait(self.gap()));
                running.push(self.request());
            }
            while let Poll::Ready(Some(())) = running.poll_next_unpin(context) {}
            if running.is_empty() && self.second() >= SECONDS { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn second(&self) -> usize {
        self.clock.elapsed().as_secs() as usize
    }

    /// The time until the next request: exponentially distributed, since requests are independent.
    fn gap(&self) -> Duration {
        let share = 1.0 - self.random.borrow_mut().f64();
        Duration::from_secs_f64(-share.ln() / (f64::from(REQUESTS_PER_SECOND) * self.instances as f64))
    }

    async fn request(&self) {
        let counts = FAILS.contains(&self.second());
        let answer = self.serve(0).await;
        self.requests.set(self.requests.get() + u64::from(counts));
        self.served.set(self.served.get() + u64::from(counts && answer.is_ok()));
    }

    /// A call to a random instance of a tier.
    async fn serve(&self, tier: usize) -> Result<(), Failure> {
        let calls = &self.calls[tier][self.second().min(SECONDS)];
        calls.set(calls.get() + 1);
        let (instance, work) = {
            let mut random = self.random.borrow_mut();
            (random.usize(..self.instances), Duration::from_micros(random.u64(1_000..5_000)))
        };
        self.clock.wait(work).await;
        match tier + 1 {
            TIERS => self.stock().await,
            next => self.ask(&self.clients[tier * self.instances + instance], next).await,
        }
    }

    /// The last tier: half of its failures are immediate, the other half hang.
    async fn stock(&self) -> Result<(), Failure> {
        let (fails, hangs) = {
            let mut random = self.random.borrow_mut();
            (FAILS.contains(&self.second()) && random.f64() < self.failing, random.bool())
        };
        if fails && hangs {
            self.clock.wait(Duration::from_secs(2)).await;
        }
        if fails { Err(Failure::Down) } else { Ok(()) }
    }

    async fn ask(&self, client: &Client, tier: usize) -> Result<(), Failure> {
        let call = async || Timeout::new(PATIENCE[tier - 1]).run_async(Box::pin(self.serve(tier))).await;
        match self.protection {
            Protection::Naive => client.retry.run_async(async |_| call().await).await,
            Protection::Budget => client.retry.clone().budget(client.budget).run_async(async |_| call().await).await,
            Protection::Breakers => {
                let retry = client.retry.clone().budget(client.budget);
                retry.run_async(async |_| client.breaker.run_async(call()).await).await
            }
            Protection::Hedges => client.hedge.run_async(&call).await,
        }
    }
}
