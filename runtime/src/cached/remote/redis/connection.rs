//! One connection to a server or a cluster, made anew when it breaks.

use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection, PubSub};
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ErrorKind, Pipeline, RedisError, RedisFuture, Value};
use tokio::sync::Mutex;

/// To a server, or to every node of a cluster.
#[derive(Clone)]
pub(super) enum Connection {
    Server(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Connection::Server(server) => server.req_packed_command(command),
            Connection::Cluster(cluster) => cluster.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        commands: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Connection::Server(server) => server.req_packed_commands(commands, offset, count),
            Connection::Cluster(cluster) => cluster.req_packed_commands(commands, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Connection::Server(server) => server.get_db(),
            Connection::Cluster(cluster) => cluster.get_db(),
        }
    }
}

/// Where to connect to.
pub(super) enum Target {
    Server(Box<Client>),
    /// And its nodes one by one.
    Cluster(Box<ClusterClient>, Vec<Client>),
}

impl Target {
    /// *Input:* `redis://a`, or the nodes of a cluster, `redis://a,redis://b`.
    pub(super) fn new(url: &str, is_cluster: bool, timeout: Duration) -> Result<Self, RedisError> {
        let nodes: Vec<&str> = url.split(',').map(str::trim).filter(|node| !node.is_empty()).collect();
        if nodes.len() < 2 && !is_cluster {
            return Client::open(url.trim()).map(|client| Target::Server(Box::new(client)));
        }
        let clients = nodes.iter().map(|node| Client::open(*node)).collect::<Result<_, _>>()?;
        let cluster = ClusterClient::builder(nodes).connection_timeout(timeout).response_timeout(timeout).retries(2);
        cluster.build().map(|client| Target::Cluster(Box::new(client), clients))
    }

    async fn connect(&self, timeout: Duration) -> Result<Connection, RedisError> {
        match self {
            Target::Server(client) => {
                let config = AsyncConnectionConfig::new();
                let config = config.set_connection_timeout(Some(timeout)).set_response_timeout(Some(timeout));
                client.get_multiplexed_async_connection_with_config(&config).await.map(Connection::Server)
            }
            Target::Cluster(client, _) => client.get_async_connection().await.map(Connection::Cluster),
        }
    }
}

impl Target {
    /// A connection that listens. Each node of a cluster hears what is said at any other.
    async fn listener(&self) -> Result<PubSub, RedisError> {
        let nodes = match self {
            Target::Server(client) => std::slice::from_ref(&**client),
            Target::Cluster(_, nodes) => nodes,
        };
        let start = fastrand::usize(..nodes.len().max(1));
        let mut result = Err(RedisError::from((ErrorKind::ClusterConnectionNotFound, "there is no node")));
        for node in nodes.iter().cycle().skip(start).take(nodes.len()) {
            result = node.get_async_pubsub().await;
            if result.is_ok() {
                break;
            }
        }
        result
    }
}

/// The connection of a process, and how often it has been made.
pub(super) struct Line {
    target: Target,
    timeout: Duration,
    current: Mutex<(u64, Option<Connection>)>,
}

impl Line {
    pub(super) fn new(target: Target, timeout: Duration) -> Self {
        Line { target, timeout, current: Mutex::new((0, None)) }
    }

    /// Connects, if it is not connected. All who need it wait for one attempt.
    pub(super) async fn connection(&self) -> Result<(u64, Connection), RedisError> {
        let mut current = self.current.lock().await;
        if let (made, Some(connection)) = &*current {
            return Ok((*made, connection.clone()));
        }
        let connection = self.target.connect(self.timeout).await?;
        *current = (current.0 + 1, Some(connection.clone()));
        Ok((current.0, connection))
    }

    /// The connection that was made as the `made`th is of no use any more.
    pub(super) async fn drop_connection(&self, made: u64) {
        let mut current = self.current.lock().await;
        if current.0 == made {
            current.1 = None;
        }
    }

    /// The connection is of no use any more.
    pub(super) async fn hang_up(&self) {
        self.current.lock().await.1 = None;
    }

    pub(super) async fn listener(&self) -> Result<PubSub, RedisError> {
        self.target.listener().await
    }
}
