//! A Redis server for one test: on a free port of this machine, in a temporary folder, stopped with the test.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// Starts the server, tells its process id, and ends it when the test is gone, however it went.
const KEEPER: &str = "redis-server \"$@\" > log 2>&1 & echo $!; cat > /dev/null; kill -KILL $! 2> /dev/null";

pub struct Server {
    keeper: Child,
    pid: u32,
    port: u16,
    folder: PathBuf,
    arguments: Vec<String>,
}

/// A server, or `None` where there is no Redis, which is said.
pub fn start() -> Option<Server> {
    start_with(&[])
}

pub fn start_with(arguments: &[&str]) -> Option<Server> {
    if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no redis-server; tests/run.sh installs it");
        return None;
    }
    static SERVERS: AtomicU32 = AtomicU32::new(0);
    let name = format!("festoon-redis-{}-{}", std::process::id(), SERVERS.fetch_add(1, SeqCst));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    // A port that was free a moment ago may be taken.
    (0..5).find_map(|_| Server::on(free_port(), folder.clone(), arguments.clone()))
}

/// One for all tests that leave it alone; each has names of its own.
pub fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref()
}

/// A sentinel that watches over a server, with the word of which alone another one takes its place.
pub fn start_sentinel(name: &str, port: u16) -> Option<Server> {
    static SENTINELS: AtomicU32 = AtomicU32::new(0);
    let folder = format!("festoon-sentinel-{}-{}", std::process::id(), SENTINELS.fetch_add(1, SeqCst));
    let folder = std::env::temp_dir().join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let watch = format!(
        "sentinel monitor {name} 127.0.0.1 {port} 1\nsentinel down-after-milliseconds {name} 3000\n\
         sentinel failover-timeout {name} 10000\n"
    );
    std::fs::write(folder.join("sentinel.conf"), watch).unwrap();
    (0..5).find_map(|_| Server::on(free_port(), folder.clone(), vec!["--sentinel".to_owned()]))
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits for another process or thread.
pub fn soon(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::yield_now();
    }
}

impl Server {
    fn on(port: u16, folder: PathBuf, arguments: Vec<String>) -> Option<Server> {
        let (keeper, pid) = spawn(port, &folder, &arguments);
        let mut server = Server { keeper, pid, port, folder, arguments };
        server.is_up().then_some(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// One command, past festoon.
    pub fn command<T: redis::FromRedisValue>(&self, command: &str) -> T {
        let mut parts = command.split(' ');
        let mut asked = redis::cmd(parts.next().unwrap());
        for part in parts {
            asked.arg(part);
        }
        self.ask(&asked)
    }

    pub fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> T {
        let client = redis::Client::open(self.url()).unwrap();
        command.query(&mut client.get_connection().unwrap()).unwrap()
    }

    /// The same of a server that wants to know a password.
    pub fn ask_as<T: redis::FromRedisValue>(&self, password: &str, command: &redis::Cmd) -> T {
        let client = redis::Client::open(self.url()).unwrap();
        let node = client.get_connection_info().clone();
        let settings = node.redis_settings().clone().set_password(password);
        let client = redis::Client::open(node.set_redis_settings(settings)).unwrap();
        command.query(&mut client.get_connection().unwrap()).unwrap()
    }

    /// The names of all entries, leases left out.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.command("KEYS festoon:*}");
        names.sort();
        names
    }

    pub fn signal(&self, signal: &str) {
        signal_process(signal, self.pid);
    }

    /// As a machine that loses its power.
    pub fn kill(&mut self) {
        self.signal("KILL");
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap();
    }

    /// On the same port, with nothing in it.
    pub fn start_again(&mut self) {
        (self.keeper, self.pid) = spawn(self.port, &self.folder, &self.arguments);
        assert!(self.is_up(), "the server does not start again");
    }

    fn is_up(&mut self) -> bool {
        let client = redis::Client::open(self.url()).unwrap();
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            let answer = client.get_connection().and_then(|mut server| redis::cmd("PING").query::<String>(&mut server));
            if answer.is_ok() {
                return true;
            }
            if std::fs::read_to_string(self.folder.join("log")).is_ok_and(|log| log.contains("in use")) {
                break;
            }
            std::thread::yield_now();
        }
        self.kill();
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn spawn(port: u16, folder: &PathBuf, arguments: &[String]) -> (Child, u32) {
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "sh"]);
    if folder.join("sentinel.conf").exists() {
        keeper.arg("sentinel.conf");
    } else {
        keeper.args(["--save", "", "--dir", "."]);
    }
    keeper.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]).args(arguments).current_dir(folder);
    let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut pid = String::new();
    BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut pid).unwrap();
    (keeper, pid.trim().parse().unwrap())
}

/// To a process that this test has started.
pub fn signal_process(signal: &str, pid: u32) {
    let _ = Command::new("kill").args([format!("-{signal}"), pid.to_string()]).stderr(Stdio::null()).status().unwrap();
}

/// This test binary once more, as another process that runs one test alone.
pub fn other_process(test: &str, url: &str, prefix: Option<&str>) -> Child {
    let mut other = Command::new(std::env::current_exe().unwrap());
    other.args(["--exact", test, "--nocapture"]).env("FESTOON_TEST_URL", url).env_remove("FESTOON_CACHE_PREFIX");
    other.envs(prefix.map(|prefix| ("FESTOON_CACHE_PREFIX", prefix)));
    other.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The server that such a process is given.
pub fn given() -> Option<String> {
    std::env::var("FESTOON_TEST_URL").ok()
}
