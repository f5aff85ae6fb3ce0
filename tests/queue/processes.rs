//! Worker processes that are killed, stopped, or lose their server.

use std::process::Child;

use super::*;
use crate::cached::server::{other_process, signal_process};

/// One connection of a test's own.
fn connected() -> redis::Connection {
    redis::Client::open(given().unwrap()).unwrap().get_connection().unwrap()
}

fn told<T: redis::FromRedisValue>(server: &mut redis::Connection, command: &str, name: &str) -> T {
    redis::cmd(command).arg(name).query(server).unwrap()
}

/// Counts its runs, says where it runs, and ends in the way that its argument names, such as when there is a file.
#[offload(queue = "work", store = at(), max_deliveries = 2)]
fn work(n: u32, how: String) -> Result<u32, QueueError> {
    if how.contains('/') {
        // The server may be away.
        soon("the file is there", || std::fs::exists(&how).unwrap());
        return Ok(n * 2);
    }
    let mut server = connected();
    let _: u64 = told(&mut server, "INCR", &format!("runs-{n}"));
    redis::cmd("SET").arg(format!("pid-{n}")).arg(std::process::id()).exec(&mut server).unwrap();
    match &*how {
        "abort" => std::process::abort(),
        "wait" => soon("go", || told(&mut server, "EXISTS", "go")),
        _ => {}
    }
    Ok(n * 2)
}

/// Ends this process if nobody else does.
fn end_in_any_case() {
    std::thread::spawn(|| {
        std::thread::sleep(2 * LONG);
        std::process::exit(9);
    });
}

/// A worker process.
#[test]
fn worker_process() {
    if given().is_some() {
        end_in_any_case();
        let served = block_on(festoon::worker().concurrency(2).queue("work").run()).unwrap();
        println!("SERVED {} {}", served.jobs, served.redelivered);
    }
}

fn start(server: &Server) -> Child {
    other_process("queue::processes::worker_process", &server.url(), None)
}

fn finished(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| Some(line.split_once("SERVED ")?.1.to_owned()));
    line.unwrap_or_else(|| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// In this process, for another's server.
fn on(server: &Server) -> (Queue, Redis) {
    let redis = Redis::new(server.url()).timeout(Duration::from_secs(20)).lease(Duration::from_millis(300));
    (Queue::new("work").store(redis.clone()), redis)
}

/// A program that puts jobs into the queue, one in the given way, and says how they ended.
#[test]
fn caller_process() {
    let Some(how) = std::env::var("FESTOON_TEST_HOW").ok().filter(|_| given().is_some()) else { return };
    end_in_any_case();
    let jobs = async {
        let ways = (0..40).map(|n| (n, if n == 0 { how.clone() } else { String::new() }));
        let jobs: Vec<_> = futures::future::join_all(ways.map(|input| work.enqueue(input))).await;
        futures::future::join_all(jobs.iter().map(|job| job.as_ref().unwrap().result())).await
    };
    for (n, result) in block_on(jobs).into_iter().enumerate() {
        println!("RESULT {n} {result:?}");
    }
}

fn call(server: &Server, how: &str) -> Child {
    let mut caller = std::process::Command::new(std::env::current_exe().unwrap());
    caller.args(["--exact", "queue::processes::caller_process", "--nocapture"]);
    caller.env("FESTOON_TEST_URL", server.url()).env("FESTOON_TEST_HOW", how).env_remove("FESTOON_CACHE_PREFIX");
    caller.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
}

fn results(caller: Child) -> Vec<String> {
    let output = caller.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let results = text.lines().filter_map(|line| Some(line.split_once("RESULT ")?.1.to_owned()));
    let results: Vec<_> = results.collect();
    assert_eq!(results.len(), 40, "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    results
}

fn all_done(but_first: Option<&str>) -> Vec<String> {
    let done = |n: u32| format!("{n} Ok({})", n * 2);
    (0..40).map(|n| but_first.filter(|_| n == 0).map_or_else(|| done(n), str::to_owned)).collect()
}

fn runs(server: &Server, n: u32) -> u32 {
    server.command(&format!("GET runs-{n}"))
}

/// The process that runs the first job.
fn busy(server: &Server) -> u32 {
    soon("the first job runs", || server.command("EXISTS pid-0"));
    server.command("GET pid-0")
}

#[test]
fn a_worker_is_killed_and_every_job_is_done() {
    let Some(server) = server::start() else { return };
    let mut workers = [start(&server), start(&server)];
    let caller = call(&server, "wait");
    let victim = busy(&server);
    signal_process("KILL", victim);
    // Only the other one is left.
    soon("the first job runs again", || runs(&server, 0) == 2);
    soon("in the other process", || server.command::<u32>("GET pid-0") != victim);
    server.command::<()>("SET go 1");
    assert_eq!(results(caller), all_done(None));
    let (queue, _) = on(&server);
    let stats = block_on(queue.stats()).unwrap();
    assert_eq!((stats.done, stats.dead, stats.waiting + stats.running), (40, 0, 0));
    // The killed worker had two places: nothing else can have run twice, and the figures say how many may have.
    let twice = (0..40).filter(|n| runs(&server, *n) > 1).count() as u64;
    assert!((1..=2).contains(&twice) && (twice..=2).contains(&stats.redelivered), "{twice} {stats:?}");
    for worker in &mut workers {
        if worker.id() == victim {
            worker.wait().unwrap();
        } else {
            signal_process("TERM", worker.id());
        }
    }
    let survivor = workers.into_iter().find(|worker| worker.id() != victim).unwrap();
    let told = finished(survivor);
    let redelivered: u64 = told.split_once(' ').unwrap().1.parse().unwrap();
    assert_eq!(redelivered, stats.redelivered, "{told}");
    // Nothing is left of the killed worker, or of this one.
    let consumers: Vec<redis::Value> = server.command("XINFO CONSUMERS festoon:queue:{work}:jobs workers");
    assert!(consumers.is_empty(), "{consumers:?}");
}

#[test]
fn a_signal_lets_running_jobs_finish_and_takes_no_more() {
    let Some(server) = server::start() else { return };
    let (queue, _) = on(&server);
    let worker = start(&server);
    let caller = call(&server, "wait");
    assert_eq!(busy(&server), worker.id());
    soon("only the first job is left", || block_on(queue.stats()).unwrap().done == 39);
    signal_process("TERM", worker.id());
    // A job that comes now stays.
    let (late, name) = ("festoon:queue:{work}:job:late", concat!(module_path!(), "::work"));
    let stopping = Instant::now();
    soon("it has heard", || stopping.elapsed() > Duration::from_secs(2));
    server.ask::<u64>(redis::cmd("HSET").arg(late).arg(&["state", "waiting", "key", "", "ttl", "100"]));
    let entry = ["*", "id", "late", "name", name, "args", "", "most", "2", "deadline", ""];
    server.ask::<String>(redis::cmd("XADD").arg("festoon:queue:{work}:jobs").arg(&entry));
    server.command::<()>("SET go 1");
    assert_eq!(finished(worker), "40 0");
    assert_eq!(results(caller), all_done(None));
    let stats = block_on(queue.stats()).unwrap();
    assert_eq!((stats.done, stats.waiting, stats.running), (40, 1, 0));
}

#[test]
fn a_job_that_ends_its_workers_is_given_up() {
    let Some(server) = server::start() else { return };
    let caller = call(&server, "abort");
    for _ in 0..2 {
        let output = start(&server).wait_with_output().unwrap();
        assert!(!output.status.success());
    }
    let last = start(&server);
    let why = "its worker ended 2 times";
    assert_eq!(results(caller), all_done(Some(&format!("0 Err(Undeliverable({why:?}))"))));
    assert_eq!(runs(&server, 0), 2);
    let (queue, redis) = on(&server);
    let letters = block_on(queue.dead_letters(10)).unwrap();
    assert_eq!((letters.len(), &*letters[0].why), (1, why));
    assert_eq!(letters[0].function, concat!(module_path!(), "::work"));
    drop(redis);
    signal_process("TERM", last.id());
    finished(last);
}

#[test]
fn a_server_goes_away_and_comes_back_and_nothing_is_lost() {
    let Some(mut server) = server::start_with(&["--appendonly", "yes", "--appendfsync", "always"]) else { return };
    let (queue, worker) = (on(&server).0, start(&server));
    let go = std::env::temp_dir().join(format!("festoon-queue-go-{}", std::process::id()));
    let caller = call(&server, go.to_str().unwrap());
    let stats = || block_on(queue.stats()).unwrap();
    soon("only the first job is left", || (stats().done, stats().running) == (39, 1));
    server.kill();
    // It ends while nobody can be told.
    std::fs::write(&go, "").unwrap();
    let away = Instant::now();
    soon("its lease is over", || away.elapsed() > Duration::from_millis(500));
    server.start_again();
    assert_eq!(results(caller), all_done(None));
    std::fs::remove_file(go).unwrap();
    assert_eq!((stats().done, stats().dead, stats().waiting + stats().running), (40, 0, 0));
    signal_process("TERM", worker.id());
    finished(worker);
}
