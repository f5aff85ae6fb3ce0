//! Redis on several servers: a cluster whose slots move and whose nodes die, and sentinels that name another server.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use festoon::{Decorated, cached};

use super::proxy::{Proxy, Wire};
use super::server::{self, Server, soon};

const CLUSTER: [&str; 6] =
    ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-node-timeout", "5000"];

/// Three nodes that know each other, each with a third of the slots.
fn cluster() -> Option<[Server; 3]> {
    let nodes = [server::start_with(&CLUSTER)?, server::start_with(&CLUSTER)?, server::start_with(&CLUSTER)?];
    for (node, slots) in nodes.iter().zip(["0 5460", "5461 10922", "10923 16383"]) {
        node.command::<()>(&format!("CLUSTER ADDSLOTSRANGE {slots}"));
        node.command::<()>(&format!("CLUSTER MEET 127.0.0.1 {}", nodes[0].port()));
    }
    for node in &nodes {
        soon("the cluster", || {
            let info: String = node.command("CLUSTER INFO");
            info.contains("cluster_state:ok")
                && info.contains("cluster_known_nodes:3")
                && info.contains("assigned:16384")
        });
    }
    Some(nodes)
}

/// Moves a slot, with all that is in it, as `redis-cli --cluster reshard` does.
fn move_slot(slot: u16, from: &Server, to: &Server, nodes: &[Server]) {
    let id = |node: &Server| node.command::<String>("CLUSTER MYID");
    to.command::<()>(&format!("CLUSTER SETSLOT {slot} IMPORTING {}", id(from)));
    from.command::<()>(&format!("CLUSTER SETSLOT {slot} MIGRATING {}", id(to)));
    loop {
        let names: Vec<String> = from.command(&format!("CLUSTER GETKEYSINSLOT {slot} 100"));
        if names.is_empty() {
            break;
        }
        let mut migrate = redis::cmd("MIGRATE");
        migrate.arg("127.0.0.1").arg(to.port()).arg("").arg(0).arg(20_000).arg("REPLACE").arg("KEYS").arg(names);
        from.ask::<redis::Value>(&migrate);
    }
    for node in nodes {
        node.command::<()>(&format!("CLUSTER SETSLOT {slot} NODE {}", id(to)));
    }
}

/// Says so when it is dropped.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

#[test]
fn slots_move_and_a_node_dies_under_load() {
    static AT: OnceLock<String> = OnceLock::new();
    #[cached(store = redis(AT.get().unwrap(), timeout = 1s))]
    fn square(n: u64) -> u64 {
        n * n
    }

    let Some(nodes) = cluster() else { return };
    AT.set(nodes.iter().map(Server::url).collect::<Vec<_>>().join(",")).unwrap();
    let done = AtomicBool::new(false);
    let longest = std::sync::Mutex::new(Duration::ZERO);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (done, longest) = (&done, &longest);
            scope.spawn(move || {
                let mut n = thread;
                while !done.load(SeqCst) {
                    let start = Instant::now();
                    let key = n % 300;
                    assert_eq!(square(key), key * key);
                    n += 1;
                    let mut longest = longest.lock().unwrap();
                    *longest = start.elapsed().max(*longest);
                }
            });
        }
        let _ends = Ends(&done);
        let [first, second, third] = &nodes;
        let all = || first.names().len() + second.names().len() + third.names().len();
        soon("all values", || all() == 300);
        for slot in 0..100 {
            move_slot(slot, first, second, &nodes);
        }
        let hits = square.cache().info().hits;
        soon("hits", || square.cache().info().hits > hits + 1000);
        assert!(all() >= 300);

        third.signal("KILL");
        let errors = square.cache().info().store_errors;
        soon("errors", || square.cache().info().store_errors > errors);
        let hits = square.cache().info().hits;
        soon("hits at the others", || square.cache().info().hits > hits + 100);
    });
    // Nobody has waited much longer than `timeout`, however busy the machine that runs this is.
    let longest = longest.into_inner().unwrap();
    assert!(longest < Duration::from_secs(10), "{longest:?}");
}

#[test]
fn sentinels_say_which_server_it_is() {
    static AT: OnceLock<String> = OnceLock::new();
    #[cached(store = redis(AT.get().unwrap(), sentinel = "shop", timeout = 1s))]
    fn square(n: u64) -> u64 {
        n * n
    }

    let Some(mut first) = server::start() else { return };
    let Some(second) = server::start() else { return };
    second.command::<()>(&format!("REPLICAOF 127.0.0.1 {}", first.port()));
    soon("a replica", || second.command::<String>("INFO replication").contains("master_link_status:up"));
    let Some(sentinel) = server::start_sentinel("shop", first.port()) else { return };
    soon("the sentinel knows both", || sentinel.command::<Vec<redis::Value>>("SENTINEL REPLICAS shop").len() == 1);
    // One that does not answer does not keep the others from being asked.
    let silent = Proxy::to(sentinel.port());
    silent.becomes(Wire::BlackHole);
    AT.set(format!("{},{}", silent.url(), sentinel.url())).unwrap();
    soon("the server is found", || {
        assert_eq!(square(3), 9);
        square.cache().contains((3,))
    });
    assert_eq!(first.names().len(), 1);

    first.kill();
    soon("the other one is found", || {
        square(4);
        square.cache().contains((4,)) && second.names().len() == 2
    });
    assert!(second.command::<String>("INFO replication").contains("role:master"));
}
