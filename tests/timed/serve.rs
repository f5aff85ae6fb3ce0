//! `timing::serve`: what is answered over HTTP, to whom, and the page in a real browser.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::*;

/// The head and the body of the answer to this text.
fn ask(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {answer:?}"));
    (head.to_owned(), body.to_owned())
}

fn get(address: SocketAddr, path: &str) -> (String, String) {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", address.port()))
}

#[timed(name = "served::work")]
fn work() {}

#[test]
fn each_path_has_its_content() {
    work();
    let server = timing::serve("127.0.0.1:0").unwrap();
    let (head, body) = get(server.address(), "/metrics");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4"), "{head}");
    promtool::assert_accepts(&body);
    assert!(body.contains("festoon_calls_total{function=\"served::work\",outcome=\"success\"}"));
    assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
    let (head, body) = get(server.address(), "/report.json?pretty");
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert!(json["functions"].as_array().unwrap().iter().any(|row| row["name"] == "served::work"), "{head}");
    let (head, body) = get(server.address(), "/");
    assert!(head.contains("Content-Type: text/html") && head.contains("Content-Security-Policy: default-src 'none'"));
    assert!(body.contains("<td>served::<wbr>work</td>") && body.contains("setInterval(renew"));
    assert!(!timing::report().to_html().contains("setInterval"));
    assert!(get(server.address(), "/other").0.starts_with("HTTP/1.1 404"));
}

#[test]
fn json_has_the_running_calls_with_their_ages() {
    let _tracked = in_flight::tracked();
    let server = timing::serve("127.0.0.1:0").unwrap();
    #[timed(name = "served::asks")]
    fn asks(address: SocketAddr) -> serde_json::Value {
        serde_json::from_str(&get(address, "/report.json").1).unwrap()
    }
    let json = asks(server.address());
    let running = json["in_flight"].as_array().unwrap().iter().find(|call| call["name"] == "served::asks");
    let running = running.unwrap_or_else(|| panic!("{json}"));
    assert!(running["age_ns"].as_u64().unwrap() > 0 && running["is_async"] == false, "{running}");
    assert_eq!(running["thread"].as_str(), std::thread::current().name());
    assert!(json["functions"].is_array() && json["tree"].is_array() && json["channels"].is_array());
}

#[test]
fn only_this_machine_may_ask_unless_told_otherwise() {
    let error = timing::serve("0.0.0.0:0").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.to_string().contains("0.0.0.0:0 can be reached from other machines"), "{error}");
    let server = timing::serve_to_network("0.0.0.0:0", &["Shop.internal"]).unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], server.address().port()));
    let status = |host: &str| ask(address, &format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\n\r\n")).0;
    assert!(status("shop.internal:9464").starts_with("HTTP/1.1 200"));
    assert!(status("evil.example").starts_with("HTTP/1.1 403"));
}

#[test]
fn a_page_elsewhere_cannot_ask_through_a_name_of_its_own_and_only_get_is_answered() {
    let server = timing::serve("127.0.0.1:0").unwrap();
    let status = |request: &str| ask(server.address(), request).0.lines().next().unwrap().to_owned();
    assert_eq!(status("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), "HTTP/1.1 403 Forbidden");
    assert_eq!(status("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "HTTP/1.1 405 Method Not Allowed");
    assert_eq!(status("GET / HTTP/1.1\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    assert_eq!(status("\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    let long = "x".repeat(17_000);
    assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {long}")), "HTTP/1.1 431 Request Header Fields Too Large");
    let (head, _) = get(server.address(), "/metrics");
    assert!(!head.to_ascii_lowercase().contains("access-control-allow-origin"), "{head}");
}

#[test]
fn connections_that_say_nothing_keep_nobody_from_being_answered() {
    let server = timing::serve("127.0.0.1:0").unwrap();
    let _silent: Vec<TcpStream> = (0..10).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    assert!(get(server.address(), "/metrics").0.starts_with("HTTP/1.1 200"));
}

#[test]
fn it_ends_with_its_guard() {
    let server = timing::serve("127.0.0.1:0").unwrap();
    let address = server.address();
    drop(server);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn the_page_renews_itself_and_lists_what_is_running() {
    let _tracked = in_flight::tracked();
    let server = timing::serve("127.0.0.1:0").unwrap();
    #[timed(name = "served::<running>")]
    fn running(address: SocketAddr) -> Option<String> {
        page::dump(&format!("http://{address}/#sort=calls"), &[])
    }
    let Some(dom) = running(server.address()) else { return };
    let renewed = dom.split("data-renewed=\"").nth(1).unwrap_or_else(|| panic!("not renewed: {dom}"));
    assert!(renewed.split('"').next().unwrap().parse::<u32>().unwrap() >= 1);
    let list = dom.split("<section id=\"running\">").nth(1).unwrap().split("</section>").next().unwrap();
    let row =
        list.split("<tr>").find(|row| row.contains("served::&lt;running&gt;")).unwrap_or_else(|| panic!("{list}"));
    assert!(row.contains("s</td><td>timed::serve::the_page"), "its age and its thread: {row}");
    assert!(dom.contains("aria-sort=\"descending\"><button title=\"calls that have ended\">calls"), "still sorted");
}
