//! A collector in the test's process: it receives what is exported over HTTP, as JSON.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use serde_json::Value;

pub struct Collector {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Value>>>,
}

#[derive(Debug)]
pub struct Span {
    pub name: String,
    pub trace: String,
    pub id: String,
    /// Empty for a root.
    pub parent: String,
    pub start: u64,
    pub end: u64,
    pub is_error: bool,
    pub events: Vec<Event>,
    attributes: Vec<(String, String)>,
}

#[derive(Debug)]
pub struct Event {
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Collector {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let to = Arc::clone(&received);
        // It ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let body = receive(&mut stream.unwrap());
                to.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
            }
        });
        Collector { address, received }
    }

    /// Exporting waits for the answer, so everything is there.
    pub fn spans(&self) -> Vec<Span> {
        let received = self.received.lock().unwrap();
        let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
        let resources = received.iter().flat_map(|request| list(request, "resourceSpans"));
        let scopes = resources.flat_map(|resource| list(&resource, "scopeSpans"));
        scopes.flat_map(|scope| list(&scope, "spans")).map(|span| Span::of(&span)).collect()
    }
}

/// *Output:* the body of a request, which has been answered.
fn receive(stream: &mut TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}").unwrap();
    body
}

/// An exporter's client without TLS, which would take longer to compile than all the rest.
#[derive(Debug)]
pub struct Client;

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (uri, body) = (request.uri(), request.body());
        let (host, path) = (uri.authority().unwrap().as_str(), uri.path());
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        write!(stream, "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n", body.len())?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        assert!(answer.starts_with(b"HTTP/1.1 200 "));
        Ok(Response::new(Bytes::from_static(b"{}")))
    }
}

impl Span {
    fn of(span: &Value) -> Self {
        let text = |key: &str| span[key].as_str().unwrap_or_default().to_owned();
        let nanos = |key: &str| span[key].as_str().and_then(|text| text.parse().ok()).unwrap();
        let events = span["events"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|event| Event { name: event["name"].as_str().unwrap().to_owned(), attributes: attributes(event) });
        Span {
            name: text("name"),
            trace: text("traceId"),
            id: text("spanId"),
            parent: text("parentSpanId"),
            start: nanos("startTimeUnixNano"),
            end: nanos("endTimeUnixNano"),
            is_error: span["status"]["code"] == 2,
            events: events.collect(),
            attributes: attributes(span),
        }
    }

    pub fn attribute(&self, key: &str) -> Option<&str> {
        find(&self.attributes, key)
    }
}

impl Event {
    pub fn attribute(&self, key: &str) -> Option<&str> {
        find(&self.attributes, key)
    }
}

fn find<'a>(attributes: &'a [(String, String)], key: &str) -> Option<&'a str> {
    attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

/// Keys and values, numbers as text.
fn attributes(of: &Value) -> Vec<(String, String)> {
    let pair = |attribute: &Value| {
        let value = attribute["value"].as_object().unwrap().values().next().unwrap();
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        (attribute["key"].as_str().unwrap().to_owned(), text)
    };
    of["attributes"].as_array().into_iter().flatten().map(pair).collect()
}
