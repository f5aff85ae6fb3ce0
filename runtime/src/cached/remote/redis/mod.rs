//! `store = redis`: a server, or a cluster, shared by many machines.
//!
//! In: names and bytes, as a backend. Out: commands to a server, each with a time limit. Open `client.rs` first; `scripts.rs`
//! has what the server does atomically.

mod address;
mod breaker;
mod bus;
mod client;
mod connection;
mod io;
#[cfg(feature = "queue")]
pub(crate) mod jobs;
mod owed;
pub(crate) mod policies;
mod scan;
mod scripts;
mod target;
#[cfg(feature = "redis-tls")]
mod tls;

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use self::address::Address;
use self::client::Client;
use super::error::{StoreError, StoreErrorKind};
use super::store::Store;
use crate::sync::lock;

/// The environment variable with the default address.
const VARIABLE: &str = "FESTOON_REDIS_URL";

/// A Redis server or cluster, for `#[cached(store = EXPR)]`. All functions of a process that name the same one share
/// its connection.
///
/// `Debug` does not show credentials.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Redis {
    /// `None` if the address comes from the environment.
    address: Option<Address>,
    cluster: bool,
    sentinel: Option<String>,
    timeout: Duration,
    lease: Duration,
    wait: Duration,
    #[cfg(feature = "redis-tls")]
    tls: Option<tls::Tls>,
}

impl Redis {
    /// Uses the server at `redis://[user:password@]host[:port][/database]`; for a cluster, list its nodes, separated by
    /// commas.
    ///
    /// `rediss://` needs festoon's feature `redis-tls`. Percent-encode characters other than letters and digits in the
    /// user's name and password, as in any URL: `%2F` for `/`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Redis { address: Some(Address::new(url.into())), ..Redis::from_env() }
    }

    /// Uses the server that the environment variable `FESTOON_REDIS_URL` names when the cache is first used.
    #[must_use]
    pub fn from_env() -> Self {
        Redis {
            address: None,
            cluster: false,
            sentinel: None,
            timeout: Duration::from_secs(1),
            lease: Duration::from_secs(3),
            wait: Duration::from_secs(10),
            #[cfg(feature = "redis-tls")]
            tls: None,
        }
    }

    /// Declares that the address is a node of a cluster.
    #[must_use]
    pub fn cluster(self) -> Self {
        Redis { cluster: true, ..self }
    }

    /// Declares that the addresses are those of sentinels, which know the server by this name. A user, a password and a
    /// database in the first address are the server's; festoon does not authenticate to the sentinels.
    #[must_use]
    pub fn sentinel(self, name: impl Into<String>) -> Self {
        Redis { sentinel: Some(name.into()), ..self }
    }

    /// For `rediss://`: sets the certificate authority that the server's certificate is checked against, as PEM,
    /// instead of those that the system trusts.
    #[cfg(feature = "redis-tls")]
    #[must_use]
    pub fn root_certificate(self, pem: impl Into<Vec<u8>>) -> Self {
        let tls = tls::Tls { root: Some(pem.into()), ..self.tls.clone().unwrap_or_default() };
        Redis { tls: Some(tls), ..self }
    }

    /// For `rediss://`: sets the certificate that this process presents to the server, and its key, as PEM.
    #[cfg(feature = "redis-tls")]
    #[must_use]
    pub fn client_certificate(self, pem: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        let tls = tls::Tls { client: Some((pem.into(), key.into())), ..self.tls.clone().unwrap_or_default() };
        Redis { tls: Some(tls), ..self }
    }

    /// Limits how much longer a call may take because of Redis, connecting included; 1 s by default. After that, the
    /// call continues without Redis. Running the body, and waiting for another process that runs it, do not count.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Redis { timeout, ..self }
    }

    /// Sets how long after the death of a process that computes a value another one takes over; 3 s by default. A live
    /// process renews its lease as long as its body runs.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Redis { lease, ..self }
    }

    /// Limits how long a call waits for another process's run before it runs the body itself; 10 s by default.
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        Redis { wait, ..self }
    }

    fn address(&self) -> Result<Address, StoreError> {
        let from_env = || std::env::var(VARIABLE).ok().map(Address::new);
        self.address.clone().or_else(from_env).ok_or_else(|| {
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
    let redis = Redis { address: Some(redis.address()?), ..redis.clone() };
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
        let mut shown = f.debug_struct("Redis");
        shown.field("address", &self.address).field("cluster", &self.cluster).field("sentinel", &self.sentinel);
        shown.field("timeout", &self.timeout).field("lease", &self.lease).field("wait", &self.wait);
        #[cfg(feature = "redis-tls")]
        shown.field("tls", &self.tls);
        shown.finish()
    }
}
