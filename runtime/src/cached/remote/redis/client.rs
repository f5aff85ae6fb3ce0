//! How commands are sent, each with its time limit, and how failures are handled.

mod backend;

use std::fmt;
use std::future::ready;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use futures_channel::oneshot;
use redis::{ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind};
use tokio::time::{sleep, timeout};

use super::address::Address;
use super::breaker::{Breaker, Ticket, is_for_all};
use super::bus::Bus;
use super::connection::{Connection, Line};
use super::owed::{Order, Owed};
use super::scripts::Call;
use super::target::Target;
use super::{Redis, bus, io, scripts};
use crate::cached::remote::backend::{Answer, Caller};
use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::cached::remote::lease::Lease;
use crate::cached::remote::pause::pause;

/// See the module.
#[derive(Clone)]
pub(super) struct Client(Arc<Inner>);

struct Inner {
    line: Arc<Line>,
    bus: &'static Bus,
    options: Redis,
    address: Address,
    breaker: Arc<Breaker>,
    owed: Owed,
    /// The process that owns all of this.
    process: AtomicU32,
}

/// Clearing takes as many commands as there are entries; each has its own limit.
const CLEARING: Duration = Duration::from_secs(60);

/// How often to check whether the server may be tried again.
const LOOK: Duration = Duration::from_millis(50);

/// Redis adds it to the time of day, which must not overflow: a hundred years.
const LONGEST_TTL: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl Client {
    pub(super) fn new(options: &Redis) -> Result<Self, StoreError> {
        Ok(Client(Arc::new(Inner {
            line: Line::new(Target::new(options)?, options.timeout),
            bus: Bus::leaked(),
            address: options.address()?,
            options: options.clone(),
            breaker: Arc::default(),
            owed: Owed::default(),
            process: AtomicU32::new(std::process::id()),
        })))
    }

    /// May this process send the server a command for the entry with this name now?
    fn admit(&self, name: &str) -> Result<Ticket, StoreError> {
        let me = std::process::id();
        if self.0.process.swap(me, Relaxed) != me {
            self.begin_anew();
        }
        self.0.owed.error(name).map_or_else(|| self.0.breaker.admit(), Err)
    }

    /// This process was forked from another one, whose commands do not concern it.
    #[cold]
    fn begin_anew(&self) {
        self.0.line.leave();
        self.0.owed.leave();
        self.0.breaker.reset();
        self.0.bus.forget_all();
        let (line, limit) = (Arc::clone(&self.0.line), self.0.options.timeout);
        self.0.bus.start(|news| bus::listen(line, limit, news));
    }

    /// Sends a command, on the thread that serves all calls. It completes even if the caller stops waiting.
    pub(super) fn command<T, F>(
        &self,
        caller: Caller,
        name: &str,
        command: impl Fn(Connection) -> F + Send + Sync + 'static,
    ) -> Answer<T>
    where
        T: Send + 'static,
        F: Future<Output = RedisResult<T>> + Send + 'static,
    {
        let ticket = match self.admit(name) {
            Ok(ticket) => ticket,
            Err(error) => return Box::pin(ready(Err(error))),
        };
        let inner = Arc::clone(&self.0);
        let work = async move { inner.within(inner.options.timeout, ticket, command).await };
        self.spawn(caller.left, work, |_| ())
    }

    /// A removal that is certain to happen: if the server does not confirm it now, it is repeated until it does. Before
    /// the caller hears that, no other command may find what was to be removed.
    fn order(&self, wait: Duration, limit: Duration, order: Order) -> Answer<bool> {
        let ticket = match self.admit(order.name()) {
            Ok(ticket) => ticket,
            Err(error) => {
                self.0.owe(order, &error);
                return Box::pin(ready(Err(error)));
            }
        };
        let (inner, owing, owed) = (Arc::clone(&self.0), Arc::clone(&self.0), order.clone());
        let work = async move { inner.within(limit, ticket, |connection| order.clone().carry_out(connection)).await };
        self.spawn(wait, work, move |error| owing.owe(owed, error))
    }

    /// Runs something, for which the caller waits this long. If it fails, or takes longer, `failed` runs before the
    /// caller goes on.
    fn spawn<T: Send + 'static>(
        &self,
        wait: Duration,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
        failed: impl FnOnce(&StoreError) + Send + 'static,
    ) -> Answer<T> {
        let unavailable = |why: &str| StoreError::new(StoreErrorKind::Unavailable, why);
        let runtime = match io::runtime() {
            Ok(runtime) => runtime,
            Err(error) => return Box::pin(ready(Err(unavailable(&error)))),
        };
        let (sender, receiver) = oneshot::channel();
        let inner = Arc::clone(&self.0);
        drop(runtime.spawn(async move {
            let mut work = pin!(work);
            let in_time = timeout(wait, &mut work).await.ok();
            let is_late = in_time.is_none();
            let answer = in_time.unwrap_or_else(|| Err(inner.late()));
            if let Err(error) = &answer {
                failed(error);
            }
            drop(sender.send(answer));
            if is_late {
                drop(work.await);
            }
        }));
        Box::pin(async move { receiver.await.unwrap_or_else(|_| Err(unavailable("its thread has ended"))) })
    }

    pub(super) fn script<T>(&self, caller: Caller, call: Call) -> Answer<T>
    where
        T: FromRedisValue + Send + 'static,
    {
        let name = call.name().to_owned();
        self.command(caller, &name, move |connection| call.clone().on(connection))
    }
}

/// For limits and queues.
impl Client {
    pub(super) fn lease_length(&self) -> Duration {
        self.0.options.lease
    }

    /// How much longer a call may take because of the server.
    pub(super) fn limit(&self) -> Duration {
        self.0.options.timeout
    }

    /// One more connection, for commands that block it.
    pub(super) fn another_line(&self) -> Result<Arc<Line>, StoreError> {
        Ok(Line::new(Target::new(&self.0.options)?, self.0.options.timeout))
    }

    pub(super) fn explain(&self, error: &RedisError) -> StoreError {
        self.0.explain(error)
    }

    /// A lease that is renewed until it is dropped, which releases it.
    pub(super) fn hold(&self, token: String, renew: Call, release: Call) -> Lease {
        Arc::clone(&self.0).renewed(token, renew, release)
    }
}

impl Inner {
    /// Runs a command, and once more on a new connection if the first one turns out to be broken.
    async fn within<T, F>(
        &self,
        limit: Duration,
        ticket: Ticket,
        command: impl Fn(Connection) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let used = AtomicU64::new(0);
        let result = match timeout(limit, self.twice(&used, command)).await {
            Ok(result) => result.map_err(|error| self.explain(&error)),
            Err(_) => Err(self.late()),
        };
        if let Err(error) = &result
            && matches!(error.kind(), StoreErrorKind::TimedOut | StoreErrorKind::Unavailable)
        {
            // A missing answer may mean that the other end has disappeared.
            self.line.hang_up(used.load(Relaxed));
        }
        ticket.tell(&result);
        result
    }

    async fn twice<T, F>(&self, used: &AtomicU64, command: impl Fn(Connection) -> F) -> RedisResult<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let connection = self.connection(used).await?;
        match command(connection).await {
            Err(error) if error.is_unrecoverable_error() && !error.is_timeout() && !self.breaker.is_open() => {
                self.line.hang_up(used.load(Relaxed));
                command(self.connection(used).await?).await
            }
            result => result,
        }
    }

    /// Sends it to the server when that is back.
    fn owe(self: &Arc<Self>, order: Order, error: &StoreError) {
        if self.owed.push(order, error)
            && let Ok(runtime) = io::runtime()
        {
            drop(runtime.spawn(Arc::clone(self).settle()));
        }
    }

    /// Runs until the server has confirmed everything. The breaker decides how often to try a server that is down; one
    /// that refuses a removal is tried as rarely.
    async fn settle(self: Arc<Self>) {
        let mut refusals = 0;
        while let Some(order) = self.owed.first() {
            let Ok(ticket) = self.breaker.admit() else {
                sleep(LOOK).await;
                continue;
            };
            let limit = if matches!(order, Order::Clear { .. }) { CLEARING } else { self.options.timeout };
            match self.within(limit, ticket, |connection| order.clone().carry_out(connection)).await {
                Ok(_) if self.owed.done(&order) => refusals = 0,
                Ok(_) => return,
                Err(error) if is_for_all(error.kind()) => {}
                Err(_) => {
                    self.owed.refused(&order);
                    sleep(pause(refusals)).await;
                    refusals += 1;
                }
            }
        }
    }

    async fn connection(&self, used: &AtomicU64) -> RedisResult<Connection> {
        let made = self.line.connection().await?;
        used.store(made.number, Relaxed);
        Ok(made.connection)
    }

    fn late(&self) -> StoreError {
        StoreError::new(StoreErrorKind::TimedOut, self.address.to_string())
    }

    fn explain(&self, error: &RedisError) -> StoreError {
        let detail = self.address.hide(format!("{}: {error}", self.address));
        StoreError::new(kind(error), detail)
    }

    /// The right to compute a value.
    fn hold(self: Arc<Self>, name: &str, token: String) -> Lease {
        let call = |script, rest: &[&[u8]]| Call::new(script, name, &[&[token.as_bytes()], rest].concat());
        let renew = call(&scripts::RENEW, &[&millis(self.options.lease)]);
        let release = call(&scripts::RELEASE, &[]);
        self.renewed(token, renew, release)
    }

    /// A lease that is renewed until its holder is done, or has disappeared.
    fn renewed(self: Arc<Self>, token: String, renew: Call, release: Call) -> Lease {
        let (end, mut ended) = oneshot::channel();
        let lease = Lease::new(token, move |settled| {
            // Dropped without a signal otherwise.
            let _ = settled.then(|| end.send(()));
        });
        let length = self.options.lease;
        drop(tokio::spawn(async move {
            let send = async |call: &Call| {
                // While the server is down, a later renewal may succeed.
                let Ok(ticket) = self.breaker.admit() else { return };
                let _: Result<bool, _> = self.within(self.options.timeout, ticket, |it| call.clone().on(it)).await;
            };
            loop {
                match timeout(length / 3, &mut ended).await {
                    Err(_) => send(&renew).await,
                    Ok(Err(_)) => return send(&release).await,
                    Ok(Ok(())) => return,
                }
            }
        }));
        lease
    }
}

fn kind(error: &RedisError) -> StoreErrorKind {
    match error.kind() {
        _ if error.is_timeout() => StoreErrorKind::TimedOut,
        ErrorKind::AuthenticationFailed | ErrorKind::InvalidClientConfig | ErrorKind::RESP3NotSupported => {
            StoreErrorKind::Configuration
        }
        _ if matches!(error.code(), Some("NOAUTH" | "WRONGPASS")) => StoreErrorKind::Configuration,
        // What the server says instead of `NOAUTH` to a command with many arguments, or a long one.
        _ if error.detail().is_some_and(|detail| detail.contains("unauthenticated")) => StoreErrorKind::Configuration,
        ErrorKind::Io
        | ErrorKind::Parse
        | ErrorKind::ClusterConnectionNotFound
        | ErrorKind::MasterNameNotFoundBySentinel
        // This server does not accept writes, now or at all; another one may soon be at its address.
        | ErrorKind::Server(
            ServerErrorKind::BusyLoading
            | ServerErrorKind::ReadOnly
            | ServerErrorKind::MasterDown
            | ServerErrorKind::ClusterDown,
        ) => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Refused,
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.options.fmt(f)
    }
}

/// Known only to the holder of a lease.
pub(super) fn token() -> String {
    // A forked process draws the same random numbers as its parent.
    format!("{:08x}{:016x}{:016x}", std::process::id(), fastrand::u64(..), fastrand::u64(..))
}

pub(super) fn millis(length: Duration) -> Vec<u8> {
    length.clamp(Duration::from_millis(1), LONGEST_TTL).as_millis().to_string().into_bytes()
}
