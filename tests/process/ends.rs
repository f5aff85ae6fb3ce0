//! How calls end, and their workers: crashes, time limits, cancellation, the end of the program.

use super::*;

#[test]
fn a_crash_is_an_error_and_the_next_call_gets_a_new_worker() {
    let crashed = |how: &str| match block_on(end(how.to_owned())) {
        Err(WorkerError::Crashed { signal, code, .. }) => (signal, code),
        other => panic!("{how}: {other:?}"),
    };
    assert_eq!(crashed("segmentation fault"), (Some(libc::SIGSEGV), None));
    assert_eq!(crashed("abort"), (Some(libc::SIGABRT), None));
    assert_eq!(crashed("exit"), (None, Some(3)));
    assert_eq!(crashed("stack overflow"), (Some(libc::SIGABRT), None));
    assert_eq!(crashed("out of memory"), (Some(libc::SIGABRT), None));
    assert_eq!(block_on(end("well".to_owned())), Ok("well".to_owned()));
    let error = block_on(end("abort".to_owned())).unwrap_err();
    assert_eq!(error.to_string(), "the worker process was killed by signal 6 (SIGABRT)");
}

#[test]
fn a_panic_propagates_with_its_text_and_the_worker_survives() {
    let text = |how: &str| {
        let panic = block_on(AssertUnwindSafe(end(how.to_owned())).catch_unwind()).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    };
    assert_eq!(text("panic"), "no tea for panic");
    assert_eq!(text("any panic"), "a panic without a text");

    #[offload(process, workers = 1, nice = 1)]
    fn fail_or_pid(fails: bool) -> Result<u32, WorkerError> {
        assert!(!fails, "asked to");
        Ok(std::process::id())
    }
    let before = block_on(fail_or_pid(false));
    assert!(block_on(AssertUnwindSafe(fail_or_pid(true)).catch_unwind()).is_err());
    assert_eq!(block_on(fail_or_pid(false)), before);
}

#[test]
fn a_call_that_crashes_leaves_the_others_alone() {
    #[offload(process, workers = 4)]
    fn maybe(n: u32) -> Result<u32, WorkerError> {
        if n % 10 == 3 {
            std::process::abort();
        }
        Ok(n)
    }
    let all = block_on(maybe.each(0..200).limit(8).settle());
    for (n, settled) in (0..200).zip(all) {
        match settled.returned().unwrap() {
            Ok(value) => assert_eq!((value, n % 10 == 3), (n, false)),
            Err(WorkerError::Crashed { signal, .. }) => assert_eq!((signal, n % 10), (Some(libc::SIGABRT), 3)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(stats(4).crashed, 20);
}

fn note_and_spin(path: &str) -> ! {
    std::fs::write(path, format!("{}\n", std::process::id())).unwrap();
    loop {
        std::hint::spin_loop();
    }
}

#[test]
fn a_timeout_stops_the_computation() {
    #[offload(process, workers = 5, timeout = 200ms)]
    fn spin(path: String) -> Result<(), WorkerError> {
        note_and_spin(&path)
    }
    let path = note("timeout");
    let error = block_on(spin(path.clone())).unwrap_err();
    assert_eq!(error.to_string(), "timed out after 200ms; the worker process was killed");
    let pid = noted(&path);
    eventually("the worker is gone", || !is_alive(pid));
    assert_eq!(stats(5).killed, 1);
}

#[test]
fn dropping_the_future_kills_the_worker() {
    #[offload(process, workers = 6)]
    fn spin(path: String) -> Result<(), WorkerError> {
        note_and_spin(&path)
    }
    let path = note("cancelled");
    let mut call = Box::pin(spin(path.clone()));
    eventually("the call has begun", || {
        assert!(call.as_mut().now_or_never().is_none());
        Path::new(&path).exists()
    });
    let pid = noted(&path);
    assert!(is_alive(pid));
    drop(call);
    eventually("the worker is gone", || !is_alive(pid));
}

#[test]
fn a_call_that_is_cancelled_while_it_waits_takes_no_worker() {
    #[offload(process, workers = 1, nice = 2)]
    fn spin_or_pid(path: Option<String>) -> Result<u32, WorkerError> {
        path.map_or_else(|| Ok(std::process::id()), |path| note_and_spin(&path))
    }
    let path = note("waiting");
    let mut first = Box::pin(spin_or_pid(Some(path.clone())));
    eventually("the call has begun", || {
        assert!(first.as_mut().now_or_never().is_none());
        Path::new(&path).exists()
    });
    let mut second = Box::pin(spin_or_pid(None));
    assert!(second.as_mut().now_or_never().is_none());
    drop(second);
    let pid = noted(&path);
    drop(first);
    assert_ne!(block_on(spin_or_pid(None)), Ok(pid), "a new one, and it was free");
}

#[test]
fn a_worker_is_replaced_after_its_calls() {
    #[offload(process, workers = 1, max_calls = 3)]
    fn pid_of_three() -> Result<u32, WorkerError> {
        Ok(std::process::id())
    }
    let pids: Vec<u32> = (0..9).map(|_| block_on(pid_of_three()).unwrap()).collect();
    assert_eq!(pids.iter().collect::<BTreeSet<_>>().len(), 3, "{pids:?}");
    assert_eq!(pids[0], pids[2]);
    eventually("the first ones are gone", || !is_alive(pids[0]) && !is_alive(pids[3]));
}

#[test]
#[expect(unsafe_code, reason = "a fork needs it")]
fn a_process_that_the_worker_has_forked_neither_delays_nor_answers() {
    #[offload(process, workers = 1, nice = 4)]
    fn fork(then: String) -> Result<u32, WorkerError> {
        // SAFETY: the child only uses what a thread of its own would.
        let child = unsafe { libc::fork() } == 0;
        match then.as_str() {
            "both return" => Ok(u32::from(child)),
            _ if child => loop {
                std::thread::park();
            },
            _ => std::process::abort(),
        }
    }
    #[offload(process, workers = 1, nice = 4)]
    fn same(n: u32) -> Result<u32, WorkerError> {
        Ok(n)
    }
    assert!(matches!(block_on(fork("die".to_owned())), Err(WorkerError::Crashed { .. })));
    for n in 10..40 {
        let _ = block_on(fork("both return".to_owned()));
        assert_eq!(block_on(same(n)), Ok(n));
    }
}

#[test]
fn what_a_worker_has_started_ends_with_it() {
    #[offload(process, workers = 1, nice = 5)]
    fn start(path: String) -> Result<(), WorkerError> {
        let child = Command::new("sleep").arg("600").spawn().unwrap();
        std::fs::write(path, format!("{}\n", child.id())).unwrap();
        std::process::abort();
    }
    let path = note("started");
    assert!(block_on(start(path.clone())).is_err());
    let pid = noted(&path);
    eventually("it is gone", || !is_alive(pid));
}

#[test]
fn the_time_limit_is_real_time() {
    #[offload(process, workers = 1, nice = 6, timeout = 100ms)]
    fn hang() -> Result<(), WorkerError> {
        loop {
            std::hint::spin_loop();
        }
    }
    let _clock = festoon::testing::clock();
    assert!(matches!(block_on(hang()), Err(WorkerError::TimedOut { .. })));
}

#[test]
fn no_call_is_lost_or_doubled() {
    #[offload(process, workers = 7)]
    fn count(n: u32, path: String) -> Result<u32, WorkerError> {
        use std::io::Write;
        if n % 100 == 99 {
            std::process::abort();
        }
        let mut file = std::fs::File::options().append(true).create(true).open(path).unwrap();
        file.write_all(format!("{n}\n").as_bytes()).unwrap();
        Ok(n)
    }
    let path = note("count");
    let inputs = (0..5_000).map(|n| (n, path.clone()));
    let settled = block_on(count.each(inputs).limit(14).settle());
    let (done, crashed): (Vec<_>, Vec<_>) = settled
        .into_iter()
        .map(|call| call.returned().unwrap())
        .partition(|value: &Result<u32, WorkerError>| value.is_ok());
    assert_eq!((done.len(), crashed.len()), (4_950, 50));
    let file = std::fs::File::open(&path).unwrap();
    let mut written: Vec<u32> =
        std::io::BufReader::new(file).lines().map(|line| line.unwrap().parse().unwrap()).collect();
    std::fs::remove_file(path).unwrap();
    written.sort_unstable();
    assert_eq!(written, done.into_iter().map(Result::unwrap).collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_behind() {
    #[offload(process, workers = 8)]
    fn crash() -> Result<(), WorkerError> {
        std::process::abort();
    }
    let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let crash = |times| (0..times).for_each(|_| assert!(block_on(crash()).is_err()));
    crash(2);
    let (before, started) = (open(), stats(8).started);
    crash(30);
    assert!(stats(8).started >= started + 29);
    // Other tests run at the same time, and open files too: one that leaks would leak 30.
    eventually("the descriptors are closed", || open() < before + 25);
    assert!(stats(8).alive <= 1);
}

/// Started by the next test, in a process of its own.
#[test]
#[ignore = "a program for another test"]
fn parent_that_is_killed() {
    #[offload(process)]
    fn spin() -> Result<(), WorkerError> {
        println!();
        eprintln!("worker {}", std::process::id());
        loop {
            std::hint::spin_loop();
        }
    }
    let _ = block_on(spin());
}

#[test]
fn a_program_that_is_killed_leaves_no_worker() {
    let mut parent = Command::new(std::env::current_exe().unwrap())
        .args([concat!(module_path!(), "::parent_that_is_killed").split_once("::").unwrap().1])
        .args(["--exact", "--ignored", "--nocapture"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufReader::new(parent.stderr.take().unwrap()).lines();
    let worker = lines.map(Result::unwrap).find_map(|line| line.strip_prefix("worker ")?.parse::<u32>().ok()).unwrap();
    assert!(is_alive(worker));
    parent.kill().unwrap();
    parent.wait().unwrap();
    eventually("the worker is gone", || !is_alive(worker));
}
