//! The address of a Redis, and its credentials. Addresses are parsed once, here, and can never be printed with a
//! secret.

use std::fmt;
use std::hash::{Hash, Hasher};

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, parse_redis_url};

/// One address, or those of several nodes.
#[derive(Clone)]
pub(super) struct Address {
    written: String,
    nodes: Result<Vec<ConnectionInfo>, &'static str>,
}

/// Those that the `redis` crate supports.
const SCHEMES: [&str; 7] =
    ["redis://", "rediss://", "valkey://", "valkeys://", "redis+unix://", "valkey+unix://", "unix://"];

impl Address {
    /// *Input:* `redis://user:secret@host:port/2`, or several, separated by commas.
    pub(super) fn new(written: String) -> Self {
        let nodes = split(&written).into_iter().map(parse).collect();
        Address { written, nodes }
    }

    /// Its nodes, at least one, or why it is not an address.
    pub(super) fn nodes(&self) -> Result<&[ConnectionInfo], &'static str> {
        match &self.nodes {
            Ok(nodes) if nodes.is_empty() => Err("it is empty"),
            Ok(nodes) => Ok(nodes),
            Err(why) => Err(why),
        }
    }

    /// *Input:* text from another library. *Output:* the same without any passwords in it.
    pub(super) fn hide(&self, mut text: String) -> String {
        for node in self.nodes.iter().flatten() {
            if let Some(password) = node.redis_settings().password().filter(|password| !password.is_empty()) {
                text = text.replace(password, "***");
            }
        }
        text
    }
}

/// *Input:* `redis://:a,b@one, redis://two`. *Output:* both; a password may hold a comma.
fn split(written: &str) -> Vec<&str> {
    let begins = |text: &str| SCHEMES.iter().any(|scheme| text.trim_start().starts_with(scheme));
    let commas = written.match_indices(',').map(|(at, _)| at);
    let mut ends: Vec<usize> = commas.filter(|at| begins(&written[at + 1..])).collect();
    ends.push(written.len());
    let mut start = 0;
    let mut nodes = Vec::new();
    for end in ends {
        nodes.push(written[start..end].trim().trim_end_matches([',', ' ']));
        start = end + 1;
    }
    nodes.retain(|node| !node.is_empty());
    nodes
}

fn parse(node: &str) -> Result<ConnectionInfo, &'static str> {
    let url = parse_redis_url(node).ok_or("it is not of the form `redis://[user:password@]host[:port][/database]`")?;
    if url.has_host() && !url.scheme().ends_with("unix") {
        // The part before it would be taken for the host, and printed.
        if [Some(url.path()), url.query(), url.fragment()].into_iter().flatten().any(|part| part.contains('@')) {
            return Err(
                "there is a `@` after its host: write `/`, `?` and `#` in a password as `%2F`, `%3F` and `%23`",
            );
        }
        if !cfg!(feature = "redis-tls") && matches!(url.scheme(), "rediss" | "valkeys") {
            return Err("`rediss://` needs the feature `redis-tls` of `festoon`");
        }
    }
    url.into_connection_info().map_err(|_| "its host, port, database or percent-encoding is wrong")
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(nodes) = self.nodes() else { return f.write_str("(an address that cannot be read)") };
        for (index, node) in nodes.iter().enumerate() {
            let (addr, db) = (node.addr(), node.redis_settings().db());
            let scheme = match addr {
                ConnectionAddr::TcpTls { .. } => "rediss",
                ConnectionAddr::Unix(_) => "redis+unix",
                _ => "redis",
            };
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{scheme}://{addr}")?;
            if db != 0 {
                write!(f, "/{db}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Address {}

impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.written.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every form of address that the `redis` crate accepts, with a secret where one is possible, and how it is shown.
    const FORMS: &[(&str, &str)] = &[
        ("redis://:SECRET@host", "redis://host:6379"),
        ("redis://user:SECRET@host:7/2", "redis://host:7/2"),
        ("redis://user:SECRET@host:7/0/", "redis://host:7"),
        ("redis://SECRET@host", "redis://host:6379"),
        ("redis://user:SECRET@[::2]:7", "redis://::2:7"),
        ("redis://user:SECRET@1.2.3.4?protocol=resp3", "redis://1.2.3.4:6379"),
        ("redis://host?password=SECRET", "redis://host:6379"),
        ("redis://host/3?user=u&pass=SECRET#SECRET", "redis://host:6379/3"),
        ("valkey://user:SECRET@host", "redis://host:6379"),
        ("redis+unix:///x.sock?user=u&pass=SECRET", "redis+unix:///x.sock"),
        ("redis+unix:///x.sock?db=2&pass=%53ECRET&user=SECRET", "redis+unix:///x.sock/2"),
        ("valkey+unix:///x.sock?pass=SECRET", "redis+unix:///x.sock"),
        ("unix:///x.sock?pass=SECRET@x", "redis+unix:///x.sock"),
        ("redis://us%65r:%53ECR%45T@host", "redis://host:6379"),
        ("redis://u:SEC,RET,SECRET@a,redis://:SECRET@b:2/1, redis://c", "redis://a:6379,redis://b:2/1,redis://c:6379"),
        ("redis://u:SECRET@a , ", "redis://a:6379"),
    ];

    /// Not addresses, though they look like some.
    const WRONG: &[&str] = &[
        "",
        " , ",
        "SECRET",
        "redis:SECRET",
        "host:SECRET@host",
        "reddis://:SECRET@host",
        "redis://:SECRET@",
        "redis://:SECRET@host:port",
        "redis://:SECRET@host:99999",
        "redis://:SECRET@host/db",
        "redis://:SECRET%ff@host",
        "redis://SECRET%ff@host",
        "redis://SECRET/x@host",
        "redis://SECRET?x@host",
        "redis://SECRET#x@host",
        "redis://:SECRET/x@host",
        "redis://user:SECRET?x@host:6379",
        "redis://user:12#SECRET@host:6379",
        "redis://:SECRET@0.0.0.0",
        "redis://:SECRET@host?protocol=SECRET",
        "redis+unix://:SECRET@host?pass=SECRET",
        "redis+unix:///x.sock?db=SECRET",
        "redis://a,b:SECRET",
    ];

    #[test]
    fn nobody_sees_a_secret() {
        for (written, shown) in FORMS {
            let address = Address::new((*written).to_owned());
            assert!(address.nodes().is_ok(), "{written}");
            assert_eq!((address.to_string(), format!("{address:?}")), ((*shown).to_owned(), (*shown).to_owned()));
        }
        for written in WRONG {
            let address = Address::new((*written).to_owned());
            let why = address.nodes().expect_err(written);
            assert!(!format!("{address} {address:?} {why}").contains("SECRET"), "{written}");
        }
    }

    #[test]
    fn what_is_written_is_what_is_sent() {
        let of = |written: &str| {
            let address = Address::new(written.to_owned());
            let node = address.nodes().unwrap()[0].clone();
            let (user, password) = (node.redis_settings().username(), node.redis_settings().password());
            (user.map(str::to_owned), password.map(str::to_owned))
        };
        assert_eq!(of("redis://u:%25%2F%3F%23@h"), (Some("u".to_owned()), Some("%/?#".to_owned())));
        assert_eq!(of("unix:///s?user=u&pass=%26%40"), (Some("u".to_owned()), Some("&@".to_owned())));
    }

    #[test]
    fn what_others_say_is_hidden() {
        let address = Address::new("redis://u:p%40ss@a,redis://:other@b".to_owned());
        assert_eq!(address.hide("p@ss, other and others".to_owned()), "***, *** and ***s");
    }
}
