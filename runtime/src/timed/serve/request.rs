//! A request, and who may ask.

use std::io::{self, Read};
use std::net::{IpAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long a request may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The longest head of a request, in bytes.
const LONGEST: usize = 16 * 1024;

pub(super) struct Request {
    /// Without the query.
    pub(super) path: String,
}

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: &'static str,
    pub(super) why: &'static str,
}

const BROKEN: Refusal = Refusal { status: "400 Bad Request", why: "this is not a request of HTTP/1.1" };
const TOO_LATE: Refusal = Refusal { status: "408 Request Timeout", why: "the request took too long" };
const TOO_LONG: Refusal = Refusal { status: "431 Request Header Fields Too Large", why: "the request is too long" };
const NOT_GET: Refusal = Refusal { status: "405 Method Not Allowed", why: "only GET is answered" };
const STRANGER: Refusal = Refusal {
    status: "403 Forbidden",
    why: "ask for localhost or an IP address, or name the host in `timing::serve_to_network`",
};

impl Request {
    pub(super) fn read(stream: &TcpStream, hosts: &[String]) -> Result<Self, Refusal> {
        Request::parse(&head(stream)?, hosts)
    }

    fn parse(head: &str, hosts: &[String]) -> Result<Self, Refusal> {
        let mut lines = head.split("\r\n");
        let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
        let [method, target, "HTTP/1.1" | "HTTP/1.0"] = words[..] else { return Err(BROKEN) };
        if method != "GET" {
            return Err(NOT_GET);
        }
        let is_host = |line: &&str| line.split_once(':').is_some_and(|(name, _)| name.eq_ignore_ascii_case("host"));
        let mut named = lines.filter(is_host).filter_map(|line| line.split_once(':')).map(|(_, host)| host.trim());
        match (named.next(), named.next()) {
            (Some(host), None) if may_ask(host, hosts) => {}
            (Some(_), None) => return Err(STRANGER),
            _ => return Err(BROKEN),
        }
        Ok(Request { path: target.split('?').next().unwrap_or(target).to_owned() })
    }
}

/// *Input:* `localhost:3000`, `127.0.0.1:3000`, `[::1]:3000`, or a name that was allowed.
fn may_ask(host: &str, hosts: &[String]) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or(host),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.parse::<IpAddr>().is_ok() || hosts.contains(&name)
}

/// Everything before the empty line.
fn head(mut stream: &TcpStream) -> Result<String, Refusal> {
    let (start, mut head, mut part) = (Instant::now(), Vec::new(), [0; 1024]);
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let left = PATIENCE.checked_sub(start.elapsed()).filter(|left| !left.is_zero()).ok_or(TOO_LATE)?;
        let read = stream.set_read_timeout(Some(left)).and_then(|()| stream.read(&mut part));
        match read {
            Ok(0) => return Err(BROKEN),
            Ok(length) => head.extend(&part[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(TOO_LATE),
        }
        if head.len() > LONGEST {
            return Err(TOO_LONG);
        }
    }
    let head = String::from_utf8(head).map_err(|_| BROKEN)?;
    Ok(head.split("\r\n\r\n").next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_be_redirected_may_not_ask() {
        let may = |host: &str| may_ask(host, &["shop.internal".to_owned()]);
        let allowed =
            ["localhost", "LOCALHOST:80", "127.0.0.1:3000", "[::1]:3000", "[::1]", "10.0.0.1", "Shop.Internal:9"];
        let refused =
            ["evil.example", "evil.example:3000", "localhost.evil.example", "127.0.0.1.evil.example", "", "[", "[x]"];
        assert!(allowed.iter().all(|host| may(host)) && !refused.iter().any(|host| may(host)));
    }

    #[test]
    fn only_get_with_one_host_is_a_request() {
        let parse = |head: &str| Request::parse(head, &[]).map(|request| request.path);
        assert_eq!(parse("GET /metrics?x=1 HTTP/1.1\r\nhost: localhost"), Ok("/metrics".to_owned()));
        assert_eq!(parse("POST / HTTP/1.1\r\nHost: localhost"), Err(NOT_GET));
        assert_eq!(parse("GET / HTTP/1.1"), Err(BROKEN));
        assert_eq!(parse("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example"), Err(BROKEN));
        assert_eq!(parse("GET / HTTP/1.1\r\nHost: evil.example"), Err(STRANGER));
        assert_eq!(parse("GET /"), Err(BROKEN));
        assert_eq!(parse("GET / HTTP/2\r\nHost: localhost"), Err(BROKEN));
    }
}
