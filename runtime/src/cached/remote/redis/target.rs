//! Where to connect to.

use std::time::Duration;

use redis::cluster::ClusterClient;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{Client, ConnectionAddr, ConnectionInfo, RedisResult, TlsMode};

use super::Redis;
use crate::cached::remote::error::{StoreError, StoreErrorKind};

/// See the module.
pub(super) enum Target {
    Server(Box<Client>),
    /// Sentinels, which know the server.
    Sentinel(Box<Sentinels>),
    /// With its nodes, one by one.
    Cluster(Box<ClusterClient>, Vec<Client>),
}

impl Target {
    pub(super) fn new(options: &Redis) -> Result<Self, StoreError> {
        let address = options.address()?;
        let wrong = |why: &str| StoreError::new(StoreErrorKind::Configuration, format!("{address}: {why}"));
        let nodes = address.nodes().map_err(wrong)?;
        #[cfg(feature = "redis-tls")]
        if nodes.iter().any(is_tls) {
            super::tls::provide();
        }
        let target = match (&options.sentinel, nodes) {
            (Some(_), _) if options.cluster => return Err(wrong("`cluster` and `sentinel` contradict each other")),
            (Some(name), nodes) => Ok(Target::Sentinel(Box::new(Sentinels::new(name, nodes, options)))),
            (None, [node]) if !options.cluster => {
                client(node.clone(), options).map(|client| Target::Server(Box::new(client)))
            }
            (None, nodes) => cluster(nodes, options),
        };
        target.map_err(|error| wrong(&address.hide(error.to_string())))
    }
}

fn is_tls(node: &ConnectionInfo) -> bool {
    matches!(node.addr(), ConnectionAddr::TcpTls { .. })
}

fn client(node: ConnectionInfo, options: &Redis) -> RedisResult<Client> {
    #[cfg(feature = "redis-tls")]
    if let Some(tls) = options.tls.as_ref().filter(|_| is_tls(&node)) {
        return Client::build_with_tls(node, tls.certificates());
    }
    let _ = options;
    Client::open(node)
}

fn cluster(nodes: &[ConnectionInfo], options: &Redis) -> RedisResult<Target> {
    let clients = nodes.iter().map(|node| client(node.clone(), options)).collect::<RedisResult<_>>()?;
    let timeout: Duration = options.timeout;
    let cluster =
        ClusterClient::builder(nodes.to_vec()).connection_timeout(timeout).response_timeout(timeout).retries(2);
    #[cfg(feature = "redis-tls")]
    let cluster = match &options.tls {
        Some(tls) if nodes.iter().any(is_tls) => cluster.certs(tls.certificates()),
        _ => cluster,
    };
    cluster.build().map(|client| Target::Cluster(Box::new(client), clients))
}

/// Sentinels, which know the server by a name. The credentials in the address are the server's.
pub(super) struct Sentinels {
    name: String,
    nodes: Vec<ConnectionInfo>,
    #[cfg(feature = "redis-tls")]
    tls: Option<super::tls::Tls>,
}

impl Sentinels {
    fn new(name: &str, nodes: &[ConnectionInfo], options: &Redis) -> Self {
        let _ = options;
        Sentinels {
            name: name.to_owned(),
            nodes: nodes.to_vec(),
            #[cfg(feature = "redis-tls")]
            tls: options.tls.clone(),
        }
    }

    /// Asks them in turn, starting with any of them: one that does not answer uses up all the time that there is.
    pub(super) fn client(&self) -> RedisResult<SentinelClient> {
        let start = fastrand::usize(..self.nodes.len().max(1));
        let in_turn = self.nodes.iter().cycle().skip(start).take(self.nodes.len());
        let addresses = in_turn.map(|node| node.addr().clone());
        let mut sentinel = SentinelClientBuilder::new(addresses, &self.name, SentinelServerType::Master)?;
        if let Some(first) = self.nodes.first() {
            let redis = first.redis_settings();
            sentinel = sentinel.set_client_to_redis_db(redis.db()).set_client_to_redis_protocol(redis.protocol());
            if let Some(username) = redis.username() {
                sentinel = sentinel.set_client_to_redis_username(username);
            }
            if let Some(password) = redis.password() {
                sentinel = sentinel.set_client_to_redis_password(password);
            }
            if is_tls(first) {
                sentinel = sentinel.set_client_to_redis_tls_mode(TlsMode::Secure);
            }
        }
        #[cfg(feature = "redis-tls")]
        if let Some(tls) = &self.tls {
            sentinel = sentinel.set_client_to_redis_certificates(tls.certificates());
            sentinel = sentinel.set_client_to_sentinel_certificates(tls.certificates());
        }
        sentinel.build()
    }
}
