//! The commands, each within its time, and what becomes of those that fail.

use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use redis::{ErrorKind, FromRedisValue, RedisError, RedisResult, Value};
use tokio::time::timeout;

use super::bus::Bus;
use super::connection::{Connection, Line, Target};
use super::scripts::Call;
use super::{Redis, bus, io, scan, scripts, without_credentials};
use crate::cached::remote::backend::{Answer, Backend, Found, How, News, Put, Turn};
use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::cached::remote::follow::Follower;
use crate::cached::remote::lease::Lease;
use crate::site::lock;

/// See the module.
#[derive(Clone)]
pub(super) struct Client(Arc<Inner>);

struct Inner {
    line: Arc<Line>,
    bus: &'static Bus,
    options: Redis,
    /// Without credentials.
    address: String,
    down: Mutex<Option<(Instant, StoreError)>>,
}

/// After a failure to connect, or to answer in time, nobody tries again for this long: calls need not wait one by one.
const DOWN: Duration = Duration::from_millis(300);

/// Clearing takes as many commands as there are entries; each has its own time.
const CLEARING: Duration = Duration::from_secs(60);

/// Redis adds it to the time of day, which must not overflow: a hundred years.
const LONGEST_TTL: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl Client {
    pub(super) fn new(options: &Redis) -> Result<Self, StoreError> {
        let url = options.url()?;
        let target = Target::new(&url, options.cluster, options.timeout)
            .map_err(|error| StoreError::new(StoreErrorKind::Configuration, error.to_string()))?;
        let line = Arc::new(Line::new(target, options.timeout));
        let address = without_credentials(&url);
        Ok(Client(Arc::new(Inner {
            line,
            bus: Bus::leaked(),
            options: options.clone(),
            address,
            down: Mutex::new(None),
        })))
    }

    /// Sends a command, on the thread that does it for all. It goes through even if nobody waits for it any more.
    fn send<T, F>(&self, limit: Duration, command: impl Fn(Connection) -> F + Send + Sync + 'static) -> Answer<T>
    where
        T: Send + 'static,
        F: Future<Output = RedisResult<T>> + Send + 'static,
    {
        let runtime = match (io::runtime(), self.0.is_down()) {
            (Ok(runtime), None) => runtime,
            (_, Some(error)) => return Box::pin(ready(Err(error))),
            (Err(error), _) => return Box::pin(ready(Err(StoreError::new(StoreErrorKind::Unavailable, error)))),
        };
        let (sender, receiver) = oneshot::channel();
        let inner = Arc::clone(&self.0);
        drop(runtime.spawn(async move {
            let _ = sender.send(inner.within(limit, command).await);
        }));
        let gone = || Err(StoreError::new(StoreErrorKind::Unavailable, "its thread has ended"));
        Box::pin(async move { receiver.await.unwrap_or_else(|_| gone()) })
    }

    fn command<T, F>(&self, command: impl Fn(Connection) -> F + Send + Sync + 'static) -> Answer<T>
    where
        T: Send + 'static,
        F: Future<Output = RedisResult<T>> + Send + 'static,
    {
        self.send(self.0.options.timeout, command)
    }

    fn script<T>(&self, call: Call) -> Answer<T>
    where
        T: FromRedisValue + Send + 'static,
    {
        self.command(move |connection| call.clone().on(connection))
    }
}

impl Backend for Client {
    fn get(&self, _: How, name: String, aged: bool) -> Answer<Option<Found>> {
        self.command(move |mut connection| {
            let mut get = redis::pipe();
            get.ignore_errors().get(&name);
            if aged {
                get.pttl(&name);
            }
            async move {
                let mut answers = get.query_async::<Vec<Value>>(&mut connection).await?.into_iter();
                let Some(entry) = answers.next().map(entry_of).transpose()?.flatten() else { return Ok(None) };
                let left = answers.next().map(redis::from_redis_value::<i64>).transpose()?.and_then(left);
                Ok(Some(Found { entry, left }))
            }
        })
    }

    fn lead(&self, _: How, name: String) -> Answer<Turn> {
        let token = token();
        let lead = Call::new(&scripts::LEAD, &name, &[token.as_bytes(), &millis(self.0.options.lease)]);
        let inner = Arc::clone(&self.0);
        self.command(move |connection| {
            let (lead, inner, name, token) = (lead.clone(), Arc::clone(&inner), name.clone(), token.clone());
            async move {
                Ok(match lead.on(connection).await? {
                    Value::Int(0) => Turn::Wait,
                    Value::Int(_) => Turn::Lead(inner.hold(name, token)),
                    found => {
                        let (entry, ttl) = redis::from_redis_value(found)?;
                        Turn::Entry(Found { entry, left: left(ttl) })
                    }
                })
            }
        })
    }

    fn seize(&self, _: How, name: String) -> Answer<Lease> {
        let token = token();
        let seize = Call::new(&scripts::SEIZE, &name, &[token.as_bytes(), &millis(self.0.options.lease)]);
        let inner = Arc::clone(&self.0);
        self.command(move |connection| {
            let (seize, inner, name, token) = (seize.clone(), Arc::clone(&inner), name.clone(), token.clone());
            async move {
                seize.on::<()>(connection).await?;
                Ok(inner.hold(name, token))
            }
        })
    }

    fn put(&self, _: How, put: Put) -> Answer<bool> {
        let Put { name, entry, ttl, lease, news } = put;
        let (ttl, news) = (ttl.map(millis).unwrap_or_default(), news.unwrap_or_default());
        let arguments: [&[u8]; 5] = [lease.token().as_bytes(), &entry, &ttl, bus::CHANNEL.as_bytes(), &news];
        let put = self.script(Call::new(&scripts::PUT, &name, &arguments));
        Box::pin(async move {
            let put: Result<bool, _> = put.await;
            if put.is_ok() {
                lease.settle();
            }
            put
        })
    }

    fn discard(&self, _: How, name: String, entry: Vec<u8>) -> Answer<()> {
        self.script(Call::new(&scripts::DISCARD, &name, &[&entry]))
    }

    fn remove(&self, _: How, name: String, news: News) -> Answer<bool> {
        let news = news.unwrap_or_default();
        self.script(Call::new(&scripts::REMOVE, &name, &[bus::CHANNEL.as_bytes(), &news]))
    }

    fn clear(&self, _: How, prefix: String, news: News) -> Answer<()> {
        self.send(CLEARING, move |mut connection| {
            let (prefix, news) = (prefix.clone(), news.clone());
            async move {
                scan::unlink_all(&mut connection, &prefix).await?;
                let Some(news) = news else { return Ok(()) };
                redis::cmd("PUBLISH").arg(bus::CHANNEL).arg(news).exec_async(&mut connection).await
            }
        })
    }

    fn follow(&self, prefix: &str, follower: &'static dyn Follower) {
        let (line, limit) = (Arc::clone(&self.0.line), self.0.options.timeout);
        self.0.bus.follow(prefix, follower, |news| bus::listen(line, limit, news));
    }

    fn patience(&self) -> Duration {
        self.0.options.wait
    }
}

impl Inner {
    /// Runs a command, once more on a new connection if the first one turns out to be broken.
    async fn within<T, F>(&self, limit: Duration, command: impl Fn(Connection) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let result = match timeout(limit, self.twice(command)).await {
            Ok(result) => result.map_err(|error| self.explain(&error)),
            Err(_) => Err(StoreError::new(StoreErrorKind::TimedOut, self.address.clone())),
        };
        if let Err(error) = &result
            && matches!(error.kind(), StoreErrorKind::TimedOut | StoreErrorKind::Unavailable)
        {
            *lock(&self.down) = Some((Instant::now() + DOWN, error.clone()));
            // An answer that does not come may mean that the other end has gone without a word.
            self.line.hang_up().await;
        }
        result
    }

    async fn twice<T, F>(&self, command: impl Fn(Connection) -> F) -> RedisResult<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let (made, connection) = self.line.connection().await?;
        match command(connection).await {
            Err(error) if error.is_unrecoverable_error() && !error.is_timeout() => {
                self.line.drop_connection(made).await;
                command(self.line.connection().await?.1).await
            }
            result => result,
        }
    }

    fn is_down(&self) -> Option<StoreError> {
        let down = lock(&self.down);
        down.as_ref().filter(|(until, _)| Instant::now() < *until).map(|(_, error)| error.clone())
    }

    fn explain(&self, error: &RedisError) -> StoreError {
        let kind = match error.kind() {
            _ if error.is_timeout() => StoreErrorKind::TimedOut,
            ErrorKind::Io | ErrorKind::ClusterConnectionNotFound => StoreErrorKind::Unavailable,
            ErrorKind::AuthenticationFailed | ErrorKind::InvalidClientConfig => StoreErrorKind::Configuration,
            _ => StoreErrorKind::Refused,
        };
        StoreError::new(kind, format!("{}: {error}", self.address))
    }

    /// A lease, renewed until its holder is done, or has gone without a word.
    fn hold(self: Arc<Self>, name: String, token: String) -> Lease {
        let (end, mut ended) = oneshot::channel();
        let lease = Lease::new(token.clone(), move |settled| {
            // Dropped without a word otherwise.
            let _ = settled.then(|| end.send(()));
        });
        let length = self.options.lease;
        let call = move |script, rest: &[&[u8]]| Call::new(script, &name, &[&[token.as_bytes()], rest].concat());
        let renew = call(&scripts::RENEW, &[&millis(length)]);
        let release = call(&scripts::RELEASE, &[]);
        drop(tokio::spawn(async move {
            let send = async |call: &Call| {
                let _: Result<bool, _> = self.within(self.options.timeout, |it| call.clone().on(it)).await;
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

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.options.fmt(f)
    }
}

/// *Input:* what `PTTL` says. *Output:* the length; `None` when there is no end.
fn left(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

/// *Input:* the answer to `GET`. What is no string is as good as nothing, and will be overwritten.
fn entry_of(answer: Value) -> RedisResult<Option<Vec<u8>>> {
    match answer {
        Value::ServerError(error) if error.code() == "WRONGTYPE" => Ok(None),
        answer => Ok(redis::from_redis_value(answer.extract_error()?)?),
    }
}

/// Known to the holder of a lease alone.
fn token() -> String {
    format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..))
}

fn millis(length: Duration) -> Vec<u8> {
    length.clamp(Duration::from_millis(1), LONGEST_TTL).as_millis().to_string().into_bytes()
}
