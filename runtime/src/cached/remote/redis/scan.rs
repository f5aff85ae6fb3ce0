//! Removes every entry of one function, and no others.
//!
//! Leases are removed first: a run that began before this has lost the right to write when the scan of the entries
//! begins, and whatever it wrote until then exists during the whole scan, which therefore finds it.

use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo, SingleNodeRoutingInfo};
use redis::{Cmd, ErrorKind, RedisError, RedisResult, Value, from_redis_value};

use super::connection::Connection;

/// How many keys a server visits before it serves other clients.
const STEP: usize = 1000;

/// See the module.
pub(super) async fn unlink_all(connection: &mut Connection, prefix: &str) -> RedisResult<()> {
    let prefix = escaped(prefix);
    unlink(connection, &format!("{prefix}*:lease")).await?;
    unlink(connection, &format!("{prefix}*}}")).await
}

/// Scans the keys of each server, in steps between which it serves other clients, and frees them in its background.
async fn unlink(connection: &mut Connection, pattern: &str) -> RedisResult<()> {
    match connection {
        Connection::Server(server) => {
            let (mut cursor, mut names);
            cursor = 0_u64;
            loop {
                (cursor, names) = step(cursor, pattern).query_async::<(u64, Vec<Vec<u8>>)>(server).await?;
                if !names.is_empty() {
                    redis::cmd("UNLINK").arg(names).exec_async(server).await?;
                }
                if cursor == 0 {
                    return Ok(());
                }
            }
        }
        Connection::Cluster(cluster) => {
            for (host, port) in masters(cluster).await? {
                unlink_on(cluster, SingleNodeRoutingInfo::ByAddress { host, port }, pattern).await?;
            }
            Ok(())
        }
    }
}

/// The same on one node of a cluster, where one command cannot contain names from different slots.
async fn unlink_on(cluster: &mut ClusterConnection, node: SingleNodeRoutingInfo, pattern: &str) -> RedisResult<()> {
    let mut cursor = 0_u64;
    loop {
        let found = cluster.route_command(step(cursor, pattern), RoutingInfo::SingleNode(node.clone())).await?;
        let (next, names): (u64, Vec<Vec<u8>>) = from_redis_value(found)?;
        for name in names {
            redis::cmd("UNLINK").arg(name).exec_async(cluster).await?;
        }
        if next == 0 {
            return Ok(());
        }
        cursor = next;
    }
}

fn step(cursor: u64, pattern: &str) -> Cmd {
    let mut scan = redis::cmd("SCAN");
    scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(STEP);
    scan
}

/// The addresses of all nodes that own keys.
async fn masters(cluster: &mut ClusterConnection) -> RedisResult<Vec<(String, u16)>> {
    let all = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllMasters, None));
    let Value::Map(answers) = cluster.route_command(redis::cmd("PING"), all).await? else {
        return Err(RedisError::from((ErrorKind::UnexpectedReturnType, "the cluster does not list its nodes")));
    };
    let mut nodes = Vec::new();
    for (address, _) in answers {
        let address: String = from_redis_value(address)?;
        nodes.extend(address.rsplit_once(':').and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?))));
    }
    Ok(nodes)
}

/// *Input:* `a::f<[u8]>:`. *Output:* a pattern that matches only this text, `a::f<\[u8\]>:`.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '^' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn patterns_match_themselves_alone() {
        assert_eq!(escaped(r"a::f<[u8]>*?\"), r"a::f<\[u8\]>\*\?\\");
    }
}
