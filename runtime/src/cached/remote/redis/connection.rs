//! One connection to a server or a cluster, renewed when it breaks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection, PubSub};
use redis::cluster_async::ClusterConnection;
use redis::{AsyncConnectionConfig, Cmd, ErrorKind, Pipeline, RedisError, RedisFuture, RedisResult, Value};
use tokio::sync::watch;
use tokio::time::timeout;

use super::target::Target;
use crate::sync::lock;

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

/// The connection of a process.
pub(super) struct Line {
    target: Target,
    timeout: Duration,
    state: Mutex<State>,
}

/// The result of an attempt to connect.
type Attempt = watch::Receiver<Option<RedisResult<Made>>>;

/// A connection, and the number of connections before it.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) number: u64,
    pub(super) connection: Connection,
}

#[derive(Default)]
struct State {
    made: u64,
    /// Shared by all calls that need a connection.
    attempt: Option<Attempt>,
}

impl Line {
    pub(super) fn new(target: Target, timeout: Duration) -> Arc<Self> {
        Arc::new(Line { target, timeout, state: Mutex::default() })
    }

    /// Connects, unless it is already connected.
    pub(super) async fn connection(self: &Arc<Self>) -> RedisResult<Made> {
        let mut attempt = self.attempt();
        let gone = || RedisError::from((ErrorKind::Io, "its thread has ended"));
        let made = attempt.wait_for(Option::is_some).await.map_err(|_| gone())?;
        made.clone().unwrap_or_else(|| Err(gone()))
    }

    /// The current attempt. It continues even if its caller stops waiting, so that there is never a second one at the
    /// same time.
    fn attempt(self: &Arc<Self>) -> Attempt {
        let mut state = lock(&self.state);
        if let Some(attempt) = &state.attempt {
            return attempt.clone();
        }
        let (sender, attempt) = watch::channel(None);
        state.made += 1;
        let (line, number) = (Arc::clone(self), state.made);
        drop(tokio::spawn(async move {
            let made = match timeout(line.timeout, line.connect()).await {
                Ok(connected) => connected.map(|connection| Made { number, connection }),
                Err(_) => Err(RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut))),
            };
            if made.is_err() {
                line.hang_up(number);
            }
            sender.send_replace(Some(made));
        }));
        state.attempt = Some(attempt.clone());
        attempt
    }

    async fn connect(&self) -> RedisResult<Connection> {
        let config = AsyncConnectionConfig::new();
        let config = config.set_connection_timeout(Some(self.timeout)).set_response_timeout(Some(self.timeout));
        match &self.target {
            Target::Server(client) => {
                client.get_multiplexed_async_connection_with_config(&config).await.map(Connection::Server)
            }
            Target::Sentinel(sentinels) => {
                let mut client = sentinels.client()?;
                client.get_async_connection_with_config(&config).await.map(Connection::Server)
            }
            Target::Cluster(client, _) => client.get_async_connection().await.map(Connection::Cluster),
        }
    }

    /// Drops the connection of the process that this one was forked from.
    pub(super) fn leave(&self) {
        lock(&self.state).attempt = None;
    }

    /// Marks that connection as unusable.
    pub(super) fn hang_up(&self, number: u64) {
        let mut state = lock(&self.state);
        if state.made == number {
            state.attempt = None;
        }
    }

    /// A connection that listens. Each node of a cluster receives messages published at any other.
    pub(super) async fn listener(&self) -> RedisResult<PubSub> {
        let nodes = match &self.target {
            Target::Server(client) => std::slice::from_ref(&**client),
            Target::Sentinel(sentinels) => {
                return sentinels.client()?.async_get_client().await?.get_async_pubsub().await;
            }
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
