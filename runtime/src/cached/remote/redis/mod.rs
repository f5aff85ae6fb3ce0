//! `store = redis`: a server, or a cluster, that many machines share.

mod bus;
mod client;
mod connection;
mod io;
mod scan;
mod scripts;

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use self::client::Client;
use super::error::{StoreError, StoreErrorKind};
use super::store::Store;
use crate::site::lock;

/// The environment variable that says where Redis is, when nobody else does.
const VARIABLE: &str = "FESTOON_REDIS_URL";

/// A Redis server or cluster, for `#[cached(store = EXPR)]`. All functions of a process that name the same one share its
/// connection.
///
/// `Debug` shows no credentials.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Redis {
    /// `None` when the environment says it.
    url: Option<String>,
    cluster: bool,
    timeout: Duration,
    lease: Duration,
    wait: Duration,
}

impl Redis {
    /// The server at `redis://[user:password@]host[:port][/database]`; the nodes of a cluster, with commas between them.
    ///
    /// `rediss://` needs a TLS feature of the `redis` crate, such as `tokio-rustls-comp`, switched on in your build.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Redis { url: Some(url.into()), ..Redis::from_env() }
    }

    /// The server that the environment variable `FESTOON_REDIS_URL` names when the cache is first used.
    #[must_use]
    pub fn from_env() -> Self {
        Redis {
            url: None,
            cluster: false,
            timeout: Duration::from_secs(1),
            lease: Duration::from_secs(3),
            wait: Duration::from_secs(10),
        }
    }

    /// The address is that of one node of a cluster.
    #[must_use]
    pub fn cluster(self) -> Self {
        Redis { cluster: true, ..self }
    }

    /// How long one command may take, connecting included: 1 s without it. After that the function goes on without Redis.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Redis { timeout, ..self }
    }

    /// How long after the death of a process that computes a value another one takes over: 3 s without it. A process that
    /// is alive renews its lease as long as its body runs.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Redis { lease, ..self }
    }

    /// How long a call waits for another process's run before it runs the body itself: 10 s without it.
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        Redis { wait, ..self }
    }

    fn url(&self) -> Result<String, StoreError> {
        let from_env = || std::env::var(VARIABLE).ok();
        self.url.clone().or_else(from_env).ok_or_else(|| {
            let detail = format!("no address: set {VARIABLE}, or write `store = redis(\"redis://..\")`");
            StoreError::new(StoreErrorKind::Configuration, detail)
        })
    }
}

impl From<Redis> for Store {
    fn from(redis: Redis) -> Store {
        Store::new(client(&redis).map(|client| std::sync::Arc::new(client) as _))
    }
}

/// The one client of this server in the process.
fn client(redis: &Redis) -> Result<Client, StoreError> {
    static CLIENTS: Mutex<Option<HashMap<Redis, Client>>> = Mutex::new(None);
    let redis = Redis { url: Some(redis.url()?), ..redis.clone() };
    let mut clients = lock(&CLIENTS);
    let clients = clients.get_or_insert_default();
    if let Some(client) = clients.get(&redis) {
        return Ok(client.clone());
    }
    let client = Client::new(&redis)?;
    clients.insert(redis, client.clone());
    Ok(client)
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Redis { url, cluster, timeout, lease, wait } = self;
        let url = url.as_deref().map(without_credentials);
        let mut shown = f.debug_struct("Redis");
        shown.field("url", &url).field("cluster", cluster).field("timeout", timeout);
        shown.field("lease", lease).field("wait", wait).finish()
    }
}

/// *Input:* `redis://user:secret@host/2,redis://:secret@other`. *Output:* `redis://host/2,redis://other`.
fn without_credentials(url: &str) -> String {
    let mut nodes: Vec<String> = Vec::new();
    for part in url.split(',') {
        match nodes.last_mut() {
            // A password may hold a comma.
            Some(node) if !part.contains("://") => *node = format!("{node},{part}"),
            _ => nodes.push(part.trim().to_owned()),
        }
    }
    let shown = |node: &String| match (node.split_once("://"), node.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, address))) => format!("{scheme}://{address}"),
        (None, Some((_, address))) => address.to_owned(),
        (_, None) => node.clone(),
    };
    nodes.iter().map(shown).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_sees_a_password() {
        assert_eq!(without_credentials("redis://u:s@h:1/2, redis://:s@o"), "redis://h:1/2,redis://o");
        assert_eq!(without_credentials("redis://u:s,e,c@h,redis://:s@t@o"), "redis://h,redis://o");
        assert_eq!(without_credentials("redis://h"), "redis://h");
        let shown = format!("{:?}", Redis::new("redis://user:secret@host:7/0"));
        assert!(shown.contains("redis://host:7/0") && !shown.contains("secret") && !shown.contains("user"), "{shown}");
    }
}
