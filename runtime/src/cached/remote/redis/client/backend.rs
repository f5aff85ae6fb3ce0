//! The commands of a cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use redis::{RedisResult, Value};

use super::{CLEARING, Client, millis, token};
use crate::cached::remote::backend::{Answer, Backend, Caller, Found, News, Put, Turn};
use crate::cached::remote::follow::Follower;
use crate::cached::remote::lease::Lease;
use crate::cached::remote::redis::bus;
use crate::cached::remote::redis::owed::Order;
use crate::cached::remote::redis::scripts::{self, Call};

impl Backend for Client {
    fn get(&self, caller: Caller, name: String, aged: bool) -> Answer<Option<Found>> {
        let own = name.clone();
        self.command(caller, &own, move |mut connection| {
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

    fn lead(&self, caller: Caller, name: String) -> Answer<Turn> {
        let (inner, tokens, own) = (Arc::clone(&self.0), Tokens::new(), name.clone());
        self.command(caller, &own, move |connection| {
            let (inner, name, token) = (Arc::clone(&inner), name.clone(), tokens.next());
            let arguments: [&[u8]; 3] = [token.as_bytes(), &millis(inner.options.lease), tokens.call.as_bytes()];
            let lead = Call::new(&scripts::LEAD, &name, &arguments);
            async move {
                Ok(match lead.on(connection).await? {
                    Value::Int(0) => Turn::Wait,
                    Value::Int(_) => Turn::Lead(inner.hold(&name, token)),
                    found => {
                        let (entry, ttl) = redis::from_redis_value(found)?;
                        Turn::Entry(Found { entry, left: left(ttl) })
                    }
                })
            }
        })
    }

    fn seize(&self, caller: Caller, name: String) -> Answer<Lease> {
        let (inner, tokens, own) = (Arc::clone(&self.0), Tokens::new(), name.clone());
        self.command(caller, &own, move |connection| {
            let (inner, name, token) = (Arc::clone(&inner), name.clone(), tokens.next());
            let seize = Call::new(&scripts::SEIZE, &name, &[token.as_bytes(), &millis(inner.options.lease)]);
            async move {
                seize.on::<()>(connection).await?;
                Ok(inner.hold(&name, token))
            }
        })
    }

    fn put(&self, caller: Caller, put: Put) -> Answer<bool> {
        let Put { name, entry, ttl, lease, news } = put;
        let (ttl, news) = (ttl.map(millis).unwrap_or_default(), news.unwrap_or_default());
        let arguments: [&[u8]; 5] = [lease.token().as_bytes(), &entry, &ttl, bus::CHANNEL.as_bytes(), &news];
        let put = self.script(caller, Call::new(&scripts::PUT, &name, &arguments));
        Box::pin(async move {
            let put: Result<bool, _> = put.await;
            if put.is_ok() {
                lease.settle();
            }
            put
        })
    }

    fn discard(&self, caller: Caller, name: String, entry: Vec<u8>) -> Answer<()> {
        self.script(caller, Call::new(&scripts::DISCARD, &name, &[&entry]))
    }

    fn remove(&self, caller: Caller, name: String, news: News) -> Answer<bool> {
        let order = Order::Remove { name, news: news.unwrap_or_default() };
        self.order(caller.left, self.0.options.timeout, order)
    }

    fn clear(&self, _: Caller, prefix: String, news: News) -> Answer<()> {
        let cleared = self.order(CLEARING, CLEARING, Order::Clear { prefix, news });
        Box::pin(async { cleared.await.map(drop) })
    }

    fn follow(&self, prefix: &str, follower: &'static dyn Follower) {
        let (line, limit) = (Arc::clone(&self.0.line), self.0.options.timeout);
        self.0.bus.follow(prefix, follower, |news| bus::listen(line, limit, news));
    }

    fn budget(&self) -> Duration {
        self.0.options.timeout
    }

    fn patience(&self) -> Duration {
        self.0.options.wait
    }
}

/// A token for each time that a command is sent. A command that is sent again may reach the server before the first one,
/// which would then take the lease once more, after the entry has been removed: nobody has that lease's token.
struct Tokens {
    /// What they begin with.
    call: String,
    sent: AtomicU32,
}

impl Tokens {
    fn new() -> Self {
        Tokens { call: token(), sent: AtomicU32::new(0) }
    }

    fn next(&self) -> String {
        format!("{}:{}", self.call, self.sent.fetch_add(1, Relaxed))
    }
}

/// *Input:* the result of `PTTL`. *Output:* the duration; `None` if it does not expire.
fn left(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

/// *Input:* the reply to `GET`. A value that is not a string counts as missing, and will be overwritten.
fn entry_of(answer: Value) -> RedisResult<Option<Vec<u8>>> {
    match answer {
        Value::ServerError(error) if error.code() == "WRONGTYPE" => Ok(None),
        answer => Ok(redis::from_redis_value(answer.extract_error()?)?),
    }
}
