//! Rate limits and bulkheads that processes share: their state is in Redis, each step is one script, and the time is
//! the server's.

use std::fmt;
use std::future::ready;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{LazyLock, Mutex, OnceLock};
use std::time::Duration;

use redis::Script;
use serde::Serialize;

use super::client::{Client, millis, token};
use super::scripts::Call;
use super::{Redis, client};
use crate::cached::remote::application::{Application, Package};
use crate::cached::remote::backend::{Answer, Backend, Caller, How};
use crate::cached::remote::entries::Warnings;
use crate::cached::remote::error::{StoreError, StoreErrorKind};
use crate::cached::remote::lease::Lease;
use crate::cached::remote::namespace::Namespace;
use crate::sync::lock;

/// *Input:* in microseconds: the interval between calls, how early a call may be, how long it may wait. *Output:*
/// whether the call is let through, how long it has to wait, how far in the future the next call is due, and when.
///
/// If it is sent twice because a connection broke, it counts the call twice: too few calls are let through, never too
/// many. A due time that these settings cannot cause comes from other settings, or from a clock that was set back.
static ADMIT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('time')
         local now = time[1] * 1000000 + time[2]
         local interval, early, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
         local stored = redis.pcall('get', KEYS[1])
         local due = type(stored) == 'string' and tonumber(stored) or now
         due = math.min(math.max(due, now), now + early + most)
         local wait = due + interval - early - now
         if wait > most and wait > 0 then return {0, math.ceil(wait), math.ceil(due - now), ''} end
         local after = string.format('%.2f', due + interval)
         redis.call('set', KEYS[1], after, 'px', math.ceil((due + interval - now) / 1000) + 1)
         return {1, math.max(math.ceil(wait), 0), math.ceil(due + interval - now), after}",
    )
});

/// *Input:* when the next call is due, as returned by `ADMIT`; the interval. Moves that time back by one call, unless
/// another call has been counted since.
static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.pcall('get', KEYS[1]) ~= ARGV[1] then return 0 end
         redis.call('set', KEYS[1], string.format('%.2f', ARGV[1] - ARGV[2]), 'keepttl')
         return 1",
    )
});

static FORGET: LazyLock<Script> = LazyLock::new(|| Script::new("return redis.call('del', KEYS[1])"));

/// The holders of permits are a sorted set: their tokens, by the time at which their leases end. A single script, so
/// that the server knows either all of it or nothing: a permit is returned before the next call of this process asks
/// for one.
///
/// *Input:* `enter`, a token, the duration of its lease, the limit. *Output:* 1 for a permit, or 0 if all are taken.
/// With the same token it returns the same reply.
///
/// *Input:* `renew`, a token, the duration of its lease from now on. *Output:* 1, or 0 if the permit has been lost.
///
/// *Input:* `leave`, a token.
static PERMIT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local action, token, lease, limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
         local kind = redis.call('type', KEYS[1]).ok
         if kind ~= 'zset' and kind ~= 'none' then redis.call('del', KEYS[1]) end
         if action == 'leave' then return redis.call('zrem', KEYS[1], token) end
         local time = redis.call('time')
         local now = time[1] * 1000 + math.floor(time[2] / 1000)
         redis.call('zremrangebyscore', KEYS[1], '-inf', now)
         local is_known = redis.call('zscore', KEYS[1], token)
         if not is_known and (action == 'renew' or redis.call('zcard', KEYS[1]) >= limit) then return 0 end
         redis.call('zadd', KEYS[1], now + lease, token)
         redis.call('pexpire', KEYS[1], lease)
         return 1",
    )
});

/// The shared state of one policy.
pub(crate) struct SharedState {
    name: String,
    client: Result<Client, StoreError>,
    errors: AtomicU64,
    warnings: Warnings,
}

/// The reply of a shared rate limit to a call.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) is_admitted: bool,
    pub(crate) wait: Duration,
    /// How far in the future the next call is due.
    pub(crate) ahead: Duration,
    /// The same for [`SharedState::give_back`].
    pub(crate) due: String,
}

/// The rate of a shared limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) calls: u32,
    pub(crate) per: Duration,
    pub(crate) burst: u32,
    /// How long a call may wait.
    pub(crate) wait: Duration,
}

impl Rate {
    /// In microseconds.
    #[allow(clippy::cast_precision_loss, reason = "a rate's microseconds are exact in a double")]
    fn interval(&self) -> f64 {
        self.per.as_nanos() as f64 / 1_000.0 / f64::from(self.calls)
    }

    fn arguments(&self) -> [String; 3] {
        let (interval, wait) = (self.interval(), self.wait.min(LONGEST));
        [interval, interval * f64::from(self.burst), wait.as_secs_f64() * 1e6].map(|number| format!("{number:.3}"))
    }
}

/// The server adds waits to the time of day in microseconds, which a double holds exactly.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

impl SharedState {
    /// The state of the policy with that name, for one of its keys.
    pub(crate) fn new(redis: &Redis, package: Package, name: &str, key: &[u8]) -> Self {
        let application = Application::new(None, package);
        let name = Namespace::new(&application.prefix, name, "", 0).name(key);
        SharedState { client: client(redis), name, ..SharedState::nowhere() }
    }

    /// A policy that cannot be shared, for this reason.
    pub(crate) fn refused(why: String) -> Self {
        SharedState { client: Err(StoreError::new(StoreErrorKind::Configuration, why)), ..SharedState::nowhere() }
    }

    fn nowhere() -> Self {
        let client = Err(StoreError::new(StoreErrorKind::Configuration, ""));
        let (errors, warnings) = (AtomicU64::new(0), Warnings::default());
        SharedState { name: String::new(), client, errors, warnings }
    }

    /// How often the server was unavailable.
    pub(crate) fn errors(&self) -> u64 {
        self.errors.load(Relaxed)
    }

    fn caller(client: &Client) -> Caller {
        Caller { how: How::Awaiting, left: client.budget() }
    }

    /// Counts a call; `None` if the server is unavailable, and the process has to decide by itself.
    pub(crate) async fn admit(&self, rate: Rate) -> Option<Answered> {
        let arguments = rate.arguments();
        let arguments = arguments.each_ref().map(String::as_bytes);
        let call = Call::new(&ADMIT, &self.name, &arguments);
        let ask = |client: &Client| client.script::<(bool, u64, u64, String)>(Self::caller(client), call);
        let (is_admitted, wait, ahead, due) = self.ask(ask).await?;
        let [wait, ahead] = [wait, ahead].map(Duration::from_micros);
        Some(Answered { is_admitted, wait, ahead, due })
    }

    /// A call that was let through no longer waits for its turn. Nothing waits for this.
    pub(crate) fn give_back(&self, rate: Rate, due: &str) {
        let interval = format!("{:.3}", rate.interval());
        let call = Call::new(&GIVE_BACK, &self.name, &[due.as_bytes(), interval.as_bytes()]);
        self.tell(call);
    }

    /// Forgets all calls. Nothing waits for this.
    pub(crate) fn forget(&self) {
        self.tell(Call::new(&FORGET, &self.name, &[]));
    }

    fn tell(&self, call: Call) {
        if let Ok(client) = &self.client {
            // It is sent even though nothing waits for the reply.
            drop(client.script::<i64>(Self::caller(client), call));
        }
    }

    /// One of `limit` permits. *Output:* `Some(None)` if all are taken; `None` as for [`admit`](Self::admit).
    pub(crate) async fn enter(&self, limit: u32) -> Option<Option<SharedPermit>> {
        // Before the server is asked: a call that stops waiting for the reply returns the permit that it may have got.
        let asked = self.client.as_ref().ok().map(|client| SharedPermit::ask_for(client, &self.name));
        let ask = |client: &Client| match &asked {
            Some(permit) => client.enter(permit, limit),
            None => Box::pin(ready(Ok(None))),
        };
        let lease = self.ask(ask).await?;
        Some(asked.and_then(|permit| permit.with(lease)))
    }

    async fn ask<T>(&self, ask: impl FnOnce(&Client) -> Answer<T>) -> Option<T> {
        let answer = match &self.client {
            Ok(client) => ask(client).await,
            Err(error) => Err(error.clone()),
        };
        match answer {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.failed(&error);
                None
            }
        }
    }

    #[cold]
    fn failed(&self, error: &StoreError) {
        self.errors.fetch_add(1, Relaxed);
        if let Some(untold) = self.warnings.due() {
            let limit = &self.name;
            tracing::warn!(target: "festoon", limit, %error, untold, "this process applies the limit by itself for now");
        }
    }
}

/// A permit shared by all processes, returned when it is dropped. Its lease ends soon after its holder has died.
pub(crate) struct SharedPermit {
    client: Client,
    name: String,
    token: String,
    /// Behind a lock only so that threads can share its owner.
    lease: Mutex<Option<Lease>>,
    is_refused: bool,
}

impl SharedPermit {
    fn ask_for(client: &Client, name: &str) -> Self {
        SharedPermit {
            client: client.clone(),
            name: name.to_owned(),
            token: token(),
            lease: Mutex::default(),
            is_refused: false,
        }
    }

    fn with(mut self, lease: Option<Lease>) -> Option<Self> {
        self.is_refused = lease.is_none();
        self.lease = Mutex::new(lease);
        (!self.is_refused).then_some(self)
    }

    fn call(&self, action: &str, rest: &[&[u8]]) -> Call {
        Call::new(&PERMIT, &self.name, &[&[action.as_bytes(), self.token.as_bytes()], rest].concat())
    }
}

impl Drop for SharedPermit {
    fn drop(&mut self) {
        lock(&self.lease).take().into_iter().for_each(Lease::settle);
        if !self.is_refused {
            // Sent from here rather than when the lease ends, so that it arrives before this process's next call.
            drop(self.client.script::<i64>(SharedState::caller(&self.client), self.call("leave", &[])));
        }
    }
}

/// After a panic it is returned.
impl UnwindSafe for SharedPermit {}
impl RefUnwindSafe for SharedPermit {}

/// A panic leaves no partial state on the server.
impl UnwindSafe for SharedState {}
impl RefUnwindSafe for SharedState {}

impl Client {
    fn enter(&self, permit: &SharedPermit, limit: u32) -> Answer<Option<Lease>> {
        let length = millis(self.lease_length());
        let enter = permit.call("enter", &[&length, limit.to_string().as_bytes()]);
        let (renew, leave) = (permit.call("renew", &[&length]), permit.call("leave", &[]));
        let (this, token) = (self.clone(), permit.token.clone());
        self.command(SharedState::caller(self), &permit.name, move |connection| {
            let (this, token) = (this.clone(), token.clone());
            let (enter, renew, leave) = (enter.clone(), renew.clone(), leave.clone());
            async move {
                let is_inside: bool = enter.on(connection).await?;
                Ok(is_inside.then(|| this.hold(token, renew, leave)))
            }
        })
    }
}

/// The location of a policy's state, if other processes share it.
#[derive(Debug)]
pub struct Sharing {
    server: Option<fn() -> Redis>,
    package: Package,
    /// The path of a function, or the name of a value.
    name: OnceLock<String>,
    given: Option<&'static str>,
    /// The encoded key of the calls that the policy is for.
    key: Vec<u8>,
    state: OnceLock<SharedState>,
}

impl Sharing {
    /// The state is not shared.
    pub(crate) const fn none() -> Self {
        let package = Package { name: None, major: None, folder: None };
        Sharing { server: None, package, name: OnceLock::new(), given: None, key: Vec::new(), state: OnceLock::new() }
    }

    /// The state is on this server.
    #[must_use]
    pub const fn on(server: fn() -> Redis) -> Self {
        let mut sharing = Sharing::none();
        sharing.server = Some(server);
        sharing
    }

    /// The package that contains the function: its name and its major version.
    #[must_use]
    pub const fn package(mut self, name: Option<&'static str>, major: Option<&'static str>) -> Self {
        self.package = Package { name, major, folder: None };
        self
    }

    pub(crate) const fn named(mut self, name: &'static str) -> Self {
        self.given = Some(name);
        self
    }

    /// The same for another key.
    pub(crate) fn with_key(&self, key: &[u8]) -> Self {
        let Sharing { server, package, given, .. } = *self;
        Sharing { server, package, given, name: self.name.clone(), key: key.to_vec(), state: OnceLock::new() }
    }

    pub(crate) fn set_name(&self, path: &str) {
        let _first = self.name.set(path.to_owned());
    }

    #[inline]
    pub(crate) fn is_none(&self) -> bool {
        self.server.is_none()
    }

    /// The state on the server. `functions` returns how many functions with this path have a policy of this kind.
    pub(crate) fn state(&self, kind: &str, functions: fn(&str) -> usize) -> Option<&SharedState> {
        let server = self.server?;
        Some(self.state.get_or_init(|| {
            let name = self.given.or(self.name.get().map(String::as_str)).unwrap_or_default();
            if self.given.is_none() && functions(name) > 1 {
                return SharedState::refused(format!("there is another function called `{name}`: rename one of them"));
            }
            SharedState::new(&server(), self.package, &format!("{kind}:{name}"), &self.key)
        }))
    }
}

/// The bytes of a key, which are the same in every process.
pub(crate) fn bytes_of<K: Serialize + ?Sized>(key: &K) -> Vec<u8> {
    // Keys that cannot be encoded share one limit: too few calls are let through, never too many.
    rmp_serde::to_vec_named(key).unwrap_or_default()
}

impl fmt::Debug for SharedPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedPermit").finish_non_exhaustive()
    }
}

impl fmt::Debug for SharedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedState").field("name", &self.name).finish_non_exhaustive()
    }
}
