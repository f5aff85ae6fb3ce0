//! `#[rate_limit(.., store = redis)]` and `#[bulkhead(.., store = redis)]`: three processes share a rate limit and a
//! limit of concurrent calls, and each prints what it was allowed.
//!
//! `FESTOON_REDIS_URL` is the address of Redis; without it, this program starts its own `redis-server` while it runs.
use std::error::Error;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use festoon::{bulkhead, rate_limit};

/// All processes together: 60 at once, and one more every second.
#[rate_limit(60 / 1m, store = redis)]
fn ask(n: u32) -> Option<u32> {
    Some(n)
}

/// All processes together: two at a time.
#[bulkhead(2, store = redis)]
fn compute() -> Option<()> {
    sleep(Duration::from_millis(30));
    Some(())
}

const CALLS: u32 = 50;

fn work() {
    let asked = (0..CALLS).filter_map(ask).count();
    let mut computed = 0;
    for _ in 0..CALLS {
        match compute() {
            Some(()) => computed += 1,
            None => sleep(Duration::from_millis(5)),
        }
    }
    println!("process {}: {asked} of {CALLS} questions, {computed} of {CALLS} computations", std::process::id());
}

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).is_some() {
        work();
        return Ok(());
    }
    let server = Server::start()?;
    let workers = (0..3).map(|_| worker(&server.url)).collect::<Result<Vec<Child>, _>>()?;
    for mut worker in workers {
        worker.wait()?;
    }
    println!("together: 60 questions, and one more for each second that passed");
    Ok(())
}

fn worker(url: &str) -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?).arg("worker").env("FESTOON_REDIS_URL", url).spawn()
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
            sleep(Duration::from_millis(10));
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
