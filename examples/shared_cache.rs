//! `#[cached(store = redis)]`: two processes share one cache, and each value is computed once for both.
//!
//! `FESTOON_REDIS_URL` is the address of Redis; without it, this program starts its own `redis-server` while it runs.
use std::error::Error;
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use festoon::{Decorated, cached};

/// Both processes request the same days at the same time. Redis keeps them for a minute; in front of it, each process
/// keeps a hundred in its memory.
#[cached(store = tiered(memory(max = 100, ttl = 10s), redis), ttl = 1m)]
async fn weather(day: u32) -> String {
    let process = std::process::id();
    println!("  process {process} computes day {day}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    format!("{} degrees, says {process}", 10 + day % 20)
}

#[tokio::main(flavor = "current_thread")]
async fn work(backwards: bool) {
    for step in 0..10 {
        weather(if backwards { 9 - step } else { step }).await;
    }
    let info = weather.cache().info();
    println!("  process {}: {} bodies, {} values from elsewhere", std::process::id(), info.misses, info.hits);
    println!("{}", info.misses);
}

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(direction) = std::env::args().nth(1) {
        work(direction == "backwards");
        return Ok(());
    }
    let server = Server::start()?;
    let workers = ["forwards", "backwards"]
        .map(|direction| worker(direction, &server.url))
        .into_iter()
        .collect::<Result<Vec<Child>, _>>()?;
    let outputs = workers.into_iter().map(Child::wait_with_output).collect::<Result<Vec<Output>, _>>()?;
    let mut bodies = 0;
    for output in outputs {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (lines, last) = text.trim_end().rsplit_once('\n').ok_or("a worker has failed")?;
        println!("{lines}");
        bodies += last.parse::<u32>()?;
    }
    println!("two processes asked for 10 days each, and {bodies} bodies ran");
    Ok(())
}

fn worker(direction: &str, url: &str) -> std::io::Result<Child> {
    let mut worker = Command::new(std::env::current_exe()?);
    worker.arg(direction).env("FESTOON_REDIS_URL", url).stdout(Stdio::piped()).spawn()
}

struct Server {
    url: String,
    own: Option<Child>,
}

impl Server {
    fn start() -> Result<Self, Box<dyn Error>> {
        if let Ok(url) = std::env::var("FESTOON_REDIS_URL") {
            return Ok(Server { url, own: None });
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Command::new("redis-server");
        server.args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string()]).stdout(Stdio::null());
        let own = server.spawn().map_err(|_| "there is no redis-server: install Redis, or set FESTOON_REDIS_URL")?;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Server { url: format!("redis://127.0.0.1:{port}"), own: Some(own) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut own) = self.own.take() {
            let _ = own.kill();
            let _ = own.wait();
        }
    }
}
