//! `timing::serve`: the report of a running program in a browser.
//!
//! In: connections. Out: the page, Prometheus text or JSON. `request.rs` reads a request and says who may ask.

mod request;

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::Duration;

use self::request::{Refusal, Request};
use super::in_flight::in_flight;
use super::report::{collect, escaped};
use super::short::short;

/// Serves the measurements of this process over HTTP, until the returned guard is dropped. Needs the feature `serve`.
///
/// | path | content |
/// |---|---|
/// | `/` | the page of [`Report::to_html`](super::Report::to_html), which renews itself every two seconds, with the running calls and their ages if [`track_in_flight`](super::track_in_flight) is enabled |
/// | `/metrics` | [`metrics::collect`](crate::metrics::collect) for Prometheus |
/// | `/report.json` | [`Report::to_json`](super::Report::to_json) |
///
/// It listens on this machine only: the address has to be a loopback one. Port 0 selects a free port, see
/// [`Server::address`]. To prevent that a page in a browser reads the measurements through a name that it has redirected
/// here, the `Host` of a request has to be `localhost` or an IP address. Only `GET` is answered, and nothing that is
/// served changes the program. There is no encryption.
///
/// One thread waits for connections; each has a thread of its own, sixteen at most, and five seconds for its request.
/// Calls are never stopped.
///
/// # Errors
/// If the address is not a loopback one, see [`serve_to_network`]; if it cannot be bound.
///
/// ```
/// let server = festoon::timing::serve("127.0.0.1:0")?;
/// println!("http://{}", server.address());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn serve(address: impl ToSocketAddrs) -> io::Result<Server> {
    let addresses: Vec<SocketAddr> = address.to_socket_addrs()?.collect();
    if let Some(other) = addresses.iter().find(|address| !address.ip().is_loopback()) {
        let why = format!("festoon: {other} can be reached from other machines: use `timing::serve_to_network`");
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    Server::start(&addresses, &[])
}

/// Like [`serve`], on any address. Everyone who reaches it can read the names of functions, their source files and how
/// often they are called. `hosts` are the names, without a port, under which it may be asked, besides `localhost` and IP
/// addresses.
///
/// # Errors
/// If the address cannot be bound.
///
/// ```no_run
/// let server = festoon::timing::serve_to_network("0.0.0.0:9464", &["shop.internal"])?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn serve_to_network(address: impl ToSocketAddrs, hosts: &[&str]) -> io::Result<Server> {
    let addresses: Vec<SocketAddr> = address.to_socket_addrs()?.collect();
    Server::start(&addresses, hosts)
}

/// Serves until it is dropped; see [`serve`].
#[derive(Debug)]
#[must_use = "it serves until this guard is dropped"]
pub struct Server {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// How many connections are answered at a time.
const MOST: usize = 16;

impl Server {
    fn start(addresses: &[SocketAddr], hosts: &[&str]) -> io::Result<Self> {
        let listener = TcpListener::bind(addresses)?;
        let (address, is_over) = (listener.local_addr()?, Arc::new(AtomicBool::new(false)));
        let hosts: Arc<[String]> = hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
        let over = Arc::clone(&is_over);
        let accept = move || accept(&listener, &hosts, &over);
        let thread = std::thread::Builder::new().name("festoon-serve".to_owned()).spawn(accept)?;
        Ok(Server { address, is_over, thread: Some(thread) })
    }

    /// Returns the address that it listens on, with the port that was selected.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Relaxed);
        // Wakes the thread that accepts.
        let mut here = self.address;
        if here.ip().is_unspecified() {
            let is_v4 = here.is_ipv4();
            here.set_ip(if is_v4 { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        if TcpStream::connect_timeout(&here, Duration::from_secs(1)).is_ok()
            && let Some(thread) = self.thread.take()
        {
            let _panicked = thread.join();
        }
    }
}

fn accept(listener: &TcpListener, hosts: &Arc<[String]>, is_over: &AtomicBool) {
    let running = Arc::new(AtomicUsize::new(0));
    loop {
        let accepted = listener.accept();
        if is_over.load(Relaxed) {
            return;
        }
        let Ok((stream, _)) = accepted else {
            // Out of descriptors, or a connection that was reset: the next one may work.
            std::thread::sleep(Duration::from_millis(10));
            continue;
        };
        // Dropping a connection closes it.
        if running.fetch_add(1, Relaxed) >= MOST {
            running.fetch_sub(1, Relaxed);
            continue;
        }
        let (hosts, place) = (Arc::clone(hosts), Place(Arc::clone(&running)));
        let answer = move || {
            let _place = place;
            // The other side has gone.
            let _ = answer(&stream, &hosts);
        };
        let _ = std::thread::Builder::new().name("festoon-serve".to_owned()).spawn(answer);
    }
}

/// One of the connections that are answered.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

fn answer(stream: &TcpStream, hosts: &[String]) -> io::Result<()> {
    stream.set_write_timeout(Some(request::PATIENCE))?;
    let response = match Request::read(stream, hosts) {
        Ok(request) => response(&request.path),
        Err(refusal) => refused(refusal),
    };
    let mut out = stream;
    out.write_all(response.as_bytes())?;
    out.shutdown(Shutdown::Write)?;
    drain(stream)
}

/// Reads what the other side still sends: if it was left unread, closing would take back the answer.
fn drain(stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    io::copy(&mut stream.take(1 << 20), &mut io::sink()).map(|_| ())
}

fn response(path: &str) -> String {
    match path {
        "/" => ok("text/html; charset=utf-8", &collect().to_live_html(&running())),
        "/metrics" => ok("text/plain; version=0.0.4; charset=utf-8", &crate::metrics::collect().to_prometheus()),
        "/report.json" => ok("application/json", &collect().to_live_json(&in_flight())),
        _ => refused(Refusal { status: "404 Not Found", why: "there are /, /metrics and /report.json" }),
    }
}

fn ok(kind: &str, body: &str) -> String {
    message("200 OK", kind, body)
}

fn refused(refusal: Refusal) -> String {
    message(refusal.status, "text/plain; charset=utf-8", refusal.why)
}

/// The page may load nothing, and ask nobody else.
fn message(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\nAllow: GET\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
         connect-src 'self'; frame-ancestors 'none'\r\n\r\n{body}",
        body.len()
    )
}

/// The running calls, the oldest first.
fn running() -> String {
    let calls = in_flight();
    if calls.is_empty() {
        return String::new();
    }
    let row = |call: &super::InFlight| {
        let thread = call.thread.as_deref().unwrap_or("waits");
        format!("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", escaped(&call.name), short(call.age), escaped(thread))
    };
    let rows: String = calls.iter().take(1000).map(row).collect();
    let head = "<tr><th>function</th><th>age</th><th>thread</th></tr>";
    format!("<h2>In flight: {}</h2><table><thead>{head}</thead><tbody>{rows}</tbody></table>", calls.len())
}
