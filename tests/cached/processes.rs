//! Several processes that share one Redis: which one runs the body, and what happens if a process dies or is suspended.

use std::process::{Child, Output};
use std::sync::OnceLock;
use std::thread;

use festoon::{Decorated, cached, invalidates, timed};

use super::server::{self, Server, given, other_process, signal_process, soon};

/// Counts its runs in Redis, waits there for `go`, and says which process has run it.
#[cached(store = redis(given().unwrap(), timeout = 20s, lease = 400ms, wait = 1h))]
fn slow(n: u32) -> (u32, u32) {
    let client = redis::Client::open(given().unwrap()).unwrap();
    let mut server = client.get_connection().unwrap();
    redis::cmd("INCR").arg("runs").exec(&mut server).unwrap();
    redis::cmd("SET").arg("running").arg(std::process::id()).exec(&mut server).unwrap();
    soon("go", || redis::cmd("EXISTS").arg("go").query(&mut server).unwrap());
    (n, std::process::id())
}

#[cached(store = redis(given().unwrap(), timeout = 20s, lease = 400ms, wait = 1h))]
async fn slow_async(n: u32) -> (u32, u32) {
    slow(n + 1000)
}

/// What the other processes do.
#[test]
fn child() {
    if given().is_some() {
        println!("VALUE {:?}", slow(7));
    }
}

#[test]
fn async_child() {
    if given().is_some() {
        println!("VALUE {:?}", futures::executor::block_on(slow_async(7)));
    }
}

#[cached(store = redis(given().unwrap(), timeout = 20s))]
fn counted(n: u32) -> u64 {
    let client = redis::Client::open(given().unwrap()).unwrap();
    redis::cmd("INCR").arg(format!("counted-{n}")).query(&mut client.get_connection().unwrap()).unwrap()
}

#[cached(store = tiered(memory, redis(given().unwrap(), timeout = 20s)))]
fn copied(n: u32) -> u64 {
    counted(n + 100)
}

#[cached(store = disk(std::env::temp_dir().join(format!("festoon-fork-{}.redb", std::process::id()))))]
fn on_disk(n: u32) -> u32 {
    n
}

/// Forks, as a server does that starts its workers, and lets the child call what the parent has called.
#[cfg(unix)]
#[test]
#[expect(unsafe_code, reason = "there is no other way to fork")]
fn forking_child() {
    if given().is_none() {
        return;
    }
    let file = std::env::temp_dir().join(format!("festoon-fork-{}.redb", std::process::id()));
    assert_eq!((counted(1), copied(1), on_disk(1)), (1, 1, 1));
    // SAFETY: the child calls what the test is about, and ends without going back into the parent's code.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // What the parent has put there, new values, and no trust in its copies; the file is the parent's.
        let found = (counted(1), counted(2), copied(1), copied(2), on_disk(1), on_disk(2));
        let errors = (counted.cache().info().store_errors, on_disk.cache().info().store_errors);
        counted.cache().invalidate((1,));
        let is_right = found == (1, 1, 1, 1, 1, 2) && errors.0 == 0 && errors.1 >= 2;
        // SAFETY: it ends here.
        unsafe { libc::_exit(i32::from(!is_right)) }
    }
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    unsafe { libc::waitpid(child, &raw mut status, 0) };
    let values = (status, counted(1), counted(2), on_disk(1));
    std::fs::remove_file(file).unwrap();
    println!("VALUE {values:?}");
}

/// Neither hangs, nor shares a connection with the other one.
#[cfg(unix)]
#[test]
fn a_forked_process_has_a_connection_of_its_own() {
    let Some(server) = server::start() else { return };
    assert_eq!(values(vec![start("forking_child", &server)]), ["(0, 2, 1, 1)"]);
}

fn start(test: &str, server: &Server) -> Child {
    other_process(&format!("cached::processes::{test}"), &server.url(), None)
}

/// What a process has got.
fn value(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    let value = text.lines().find_map(|line| Some(line.split_once("VALUE ")?.1.to_owned()));
    value.unwrap_or_else(|| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

fn values(children: Vec<Child>) -> Vec<String> {
    let children: Vec<_> = children.into_iter().map(|child| thread::spawn(|| child.wait_with_output())).collect();
    children.into_iter().map(|child| value(&child.join().unwrap().unwrap())).collect()
}

fn runs(server: &Server) -> u32 {
    server.command::<Option<u32>>("GET runs").unwrap_or(0)
}

/// The process that runs the body now.
fn running(server: &Server) -> u32 {
    soon("a run", || server.command("EXISTS running"));
    server.command("GETDEL running")
}

fn one_run_for_all(test: &str) {
    let Some(server) = server::start() else { return };
    let children: Vec<Child> = (0..4).map(|_| start(test, &server)).collect();
    let leader = running(&server);
    // Long enough for the lease to be renewed, more than once.
    soon("renewals", || server.command::<String>("INFO commandstats").contains("cmdstat_pexpire:calls=3"));
    server.command::<()>("SET go 1");
    let values = values(children);
    assert!(values.iter().all(|value| value.ends_with(&format!(", {leader})"))), "{values:?}, {leader}");
    assert_eq!(runs(&server), 1);
    assert_eq!(server.command::<Vec<String>>("KEYS festoon:*:lease"), Vec::<String>::new());
}

#[test]
fn of_four_processes_one_runs_the_body() {
    one_run_for_all("child");
}

#[test]
fn of_four_processes_one_runs_the_async_body() {
    one_run_for_all("async_child");
}

#[test]
fn when_the_leader_is_killed_another_process_takes_over() {
    let Some(server) = server::start() else { return };
    let mut children = vec![start("child", &server)];
    let leader = running(&server);
    children.push(start("child", &server));
    signal_process("KILL", leader);
    let next = running(&server);
    assert_ne!(next, leader);
    server.command::<()>("SET go 1");
    let killed = children.remove(0).wait_with_output().unwrap();
    assert!(!killed.status.success());
    assert_eq!(values(children), [format!("(7, {next})")]);
    assert_eq!(runs(&server), 2);
}

#[test]
fn a_leader_that_stood_still_does_not_overwrite_what_came_after() {
    let Some(server) = server::start() else { return };
    let first = start("child", &server);
    let leader = running(&server);
    signal_process("STOP", leader);
    let second = start("child", &server);
    let next = running(&server);
    server.command::<()>("SET go 1");
    assert_eq!(values(vec![second]), [format!("(7, {next})")]);
    let kept = |server: &Server| server.command::<Vec<u8>>(&format!("GET {}", server.names()[0]));
    let before = kept(&server);
    signal_process("CONT", leader);
    // It has computed a value, and returns it; what is kept is the other one.
    assert_eq!(values(vec![first]), [format!("(7, {leader})")]);
    assert_eq!((runs(&server), kept(&server)), (2, before));
}

#[test]
fn an_invalidation_reaches_a_run_in_another_process() {
    let Some(server) = server::start() else { return };
    let child = start("child", &server);
    let leader = running(&server);
    let lease: Vec<String> = server.command("KEYS festoon:*:lease");
    // What `invalidate` does.
    server.command::<()>(&format!("DEL {}", lease[0]));
    server.command::<()>("SET go 1");
    assert_eq!(values(vec![child]), [format!("(7, {leader})")]);
    assert!(server.names().is_empty());
}

static AT: OnceLock<String> = OnceLock::new();

fn address() -> String {
    given().unwrap_or_else(|| AT.get().unwrap().clone())
}

/// Its body runs in other processes alone.
#[timed]
#[cached(store = redis(address(), timeout = 20s))]
fn written(n: &str) -> Result<u32, std::num::ParseIntError> {
    assert!(given().is_some());
    n.parse()
}

#[cached(store = tiered(memory, redis(address(), timeout = 20s)))]
async fn written_async(n: u32) -> u32 {
    assert!(given().is_some());
    n
}

mod generic {
    /// Known by its name without generics.
    #[festoon::cached(store = redis(super::address(), timeout = 20s), skip(_t))]
    pub fn written<T: Default>(_t: T, n: u32) -> u32 {
        assert!(super::given().is_some());
        n
    }
}

#[invalidates(written(n), written_async(3))]
fn write(n: &str) -> usize {
    n.len()
}

#[cached]
fn in_memory(n: u32) -> u32 {
    panic!("called with {n}")
}

#[test]
fn writer() {
    if given().is_some() {
        let values =
            (written("7"), written("8"), futures::executor::block_on(written_async(3)), generic::written('x', 9));
        println!("VALUE {values:?}");
    }
}

#[test]
fn a_process_that_has_called_nothing_sees_and_forgets_what_others_have_written() {
    let Some(server) = server::start() else { return };
    AT.set(server.url()).unwrap();
    let write_all = || assert_eq!(values(vec![start("writer", &server)]), ["(Ok(7), Ok(8), 3, 9)"]);
    write_all();

    assert!(written.cache().contains(("8",)));
    assert_eq!(written_async.cache().peek((3,)), Some(3));
    assert_eq!(generic::written::<char>.cache().peek(('y', 9)), Some(9));
    assert!(!generic::written::<u8>.cache().contains((1, 9)));
    assert_eq!((written.cache().peek(("7",)), written.cache().peek(("6",))), (Some(Ok(7)), None));
    assert!(written.cache().invalidate(("7",)) && !written.cache().invalidate(("7",)));
    assert_eq!((written.cache().info().misses, written.cache().info().store_errors), (0, 0));

    // In a test's own scope nothing is known of the calls above, and what is there is seen by none but the scope.
    let fresh = festoon::testing::fresh_caches();
    assert!(!written.cache().contains(("8",)));
    drop(fresh);
    assert!(written.cache().contains(("8",)));
    assert_eq!(write("8"), 1);
    assert_eq!((written.cache().contains(("8",)), written_async.cache().contains((3,))), (false, false));

    assert!(!in_memory.cache().contains((1,)) && !in_memory.cache().invalidate((1,)));
}

#[test]
fn blind_writer() {
    if given().is_some() {
        println!("VALUE {:?}", (write("7"), generic::written.cache().invalidate(('z', 9))));
    }
}

#[test]
fn a_writer_that_has_never_read_has_values_forgotten() {
    let Some(server) = server::start() else { return };
    values(vec![start("writer", &server)]);
    assert_eq!(server.names().len(), 4);
    assert_eq!(values(vec![start("blind_writer", &server)]), ["(1, true)"]);
    assert_eq!(server.names().len(), 1, "the one of 8 is left");
}
