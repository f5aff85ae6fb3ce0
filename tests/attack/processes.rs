//! Several processes, which are killed and held up at any moment: the one that holds a lease among them.

use std::cell::RefCell;
use std::process::Child;
use std::sync::OnceLock;

use festoon::{Decorated, cached};

use super::driver::Run;
use super::log::KEYS;
use super::server::{self, Server, given, other_process, signal_process};

static AT: OnceLock<String> = OnceLock::new();

fn address() -> String {
    given().unwrap_or_else(|| AT.get().unwrap().clone())
}

/// A number that the server keeps, past festoon.
fn number(what: &str, key: usize) -> u64 {
    thread_local! {
        static CONNECTION: RefCell<Option<redis::Connection>> = const { RefCell::new(None) };
    }
    CONNECTION.with_borrow_mut(|connection| {
        let connect = || redis::Client::open(address()).unwrap().get_connection().unwrap();
        let mut get = redis::cmd("GET");
        let found: Option<u64> =
            get.arg(format!("{what}-{key}")).query(connection.get_or_insert_with(connect)).unwrap();
        found.unwrap_or(0)
    })
}

#[cached(store = redis(address(), timeout = 10s, lease = 300ms, wait = 200ms))]
fn shared(key: usize) -> u64 {
    let value = number("version", key);
    // Long enough for a write to come in between, every now and then.
    for _ in 0..spread(value) {
        std::hint::spin_loop();
    }
    value
}

fn spread(value: u64) -> u64 {
    value.wrapping_mul(6_364_136_223_846_793_005) >> 50
}

/// What the other processes do, until they are told to stop.
pub fn child() {
    let stop = std::thread::spawn(|| std::io::stdin().read_line(&mut String::new()));
    let mut reads = 0_u64;
    while !stop.is_finished() {
        let key = usize::try_from(reads % KEYS as u64).unwrap();
        let floor = number("floor", key);
        let value = shared(key);
        assert!(value >= floor, "key {key}: {value} was returned, {floor} had been written before the call");
        reads += 1;
    }
    println!("READS {reads}");
}

fn start(server: &Server) -> Child {
    other_process("child", &server.url(), None)
}

fn end(mut child: Child) -> u64 {
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let reads = text.lines().find_map(|line| line.split_once("READS "));
    reads.unwrap_or_else(|| panic!("{text}")).1.trim().parse().unwrap()
}

pub fn processes(run: &Run) -> bool {
    let Some(server) = server::start() else { return false };
    AT.set(server.url()).unwrap();
    fastrand::seed(run.seed(0, 0));
    let mut children: Vec<Child> = (0..4).map(|_| start(&server)).collect();
    server::soon("a value", || !server.names().is_empty());
    while run.goes_on() {
        run.next_round();
        write(&server, fastrand::usize(..KEYS));
        let child = fastrand::usize(..children.len());
        match fastrand::u32(..200) {
            0 => {
                signal_process("KILL", children[child].id());
                children[child].wait().unwrap();
                children[child] = start(&server);
            }
            1 | 2 => signal_process("STOP", children[child].id()),
            3..8 => resume(&children),
            _ => {}
        }
    }
    resume(&children);
    let reads: u64 = children.into_iter().map(end).sum();
    run.tell(&format!("{reads} values checked in other processes"));
    assert_eq!(shared.cache().info().store_errors, 0);
    assert!(reads > 0, "no value was returned");
    true
}

fn write(server: &Server, key: usize) {
    let value: u64 = server.command(&format!("INCR version-{key}"));
    if fastrand::u32(..50) == 0 {
        shared.cache().clear();
    } else {
        shared.cache().invalidate((key,));
    }
    server.command::<()>(&format!("SET floor-{key} {value}"));
}

fn resume(children: &[Child]) {
    for child in children {
        signal_process("CONT", child.id());
    }
}
