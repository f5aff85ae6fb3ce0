//! `timing::report_on_exit()`: written however the program ends. This test binary runs itself as that program.

use std::env;
use std::fs;
use std::process::Command;

use festoon::{timed, timing};

use crate::programs;

#[timed(name = "on_exit::work")]
fn work() {}

fn rows(report: &str) -> usize {
    report.lines().filter(|line| line.contains("on_exit::work")).count()
}

/// This binary, with nothing to do but to be the program of that case.
fn program(case: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "timed::on_exit::the_program", "--ignored", "--nocapture"]).env("ON_EXIT", case);
    command
}

#[test]
#[ignore = "is run by the other tests, as a program of its own"]
fn the_program() {
    let Ok(case) = env::var("ON_EXIT") else { return };
    #[cfg(unix)]
    signals::set_to_default();
    let _report = timing::report_on_exit();
    work();
    match case.as_str() {
        "return" => {}
        "panic" => panic!("as asked"),
        "exit" => std::process::exit(3),
        "exit elsewhere" => std::thread::spawn(|| std::process::exit(4)).join().unwrap(),
        "abort" => std::process::abort(),
        #[cfg(unix)]
        "wait" => signals::wait(),
        #[cfg(unix)]
        "tokio" => signals::wait_in_tokio(),
        #[cfg(unix)]
        "forks" => processes::fork_often(),
        #[cfg(unix)]
        "exits" => processes::exit_often(),
        #[cfg(unix)]
        "exit with stdout locked" => processes::exit_with_stdout_locked(),
        other => unreachable!("no case {other}"),
    }
}

#[test]
fn at_the_end_and_at_a_panic_it_is_printed_once() {
    for case in ["return", "panic"] {
        let output = programs::output(&mut program(case)).unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.success(), rows(&stderr)), (case == "return", 1), "{case}: {stderr}");
    }
}

#[test]
#[cfg(unix)]
fn exit_prints_it_once_and_keeps_its_code() {
    for (case, code) in [("exit", 3), ("exit elsewhere", 4)] {
        let output = programs::output(&mut program(case)).unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), rows(&stderr)), (Some(code), 1), "{case}: {stderr}");
    }
}

#[test]
fn the_environment_says_what_is_measured() {
    let printed = |value: &str| {
        let output = programs::output(program("return").env("FESTOON_TIMED", value)).unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        stderr
            .lines()
            .find(|line| line.contains("on_exit::work"))
            .unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .to_owned()
    };
    let calls = ["off", "other::*", "*::on_exit::*,other", "on"].map(printed);
    assert_eq!(calls, ["0", "0", "1", "1"]);
}

#[test]
fn nothing_survives_an_abort() {
    let output = programs::output(&mut program("abort")).unwrap();
    assert_eq!(rows(&String::from_utf8_lossy(&output.stderr)), 0);
}

#[test]
fn files_come_in_the_form_of_their_names() {
    work();
    let dir = env::temp_dir().join(format!("festoon-on-exit-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let names = ["a.txt", "a.html", "a.json", "a.prom"];
    let guard = names.iter().fold(timing::report_on_exit(), |guard, name| guard.to_file(dir.join(name)));
    assert!(!dir.join("a.txt").exists(), "not before the end");
    drop(guard);
    let [table, html, json, prom] = names.map(|name| fs::read_to_string(dir.join(name)).unwrap());
    fs::remove_dir_all(&dir).unwrap();
    assert!(table.contains("function") && rows(&table) == 1, "{table}");
    assert!(html.starts_with("<!doctype html>") && html.contains("<td>on_exit::<wbr>work</td>"));
    assert!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["functions"].is_array());
    assert!(prom.contains("festoon_calls_total{function=\"on_exit::work\",outcome=\"success\"}"));
}

#[cfg(unix)]
mod signals {
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus, Stdio};

    use super::{program, rows};

    /// In the program: whoever runs the tests may have it ignore signals, as `nohup` and a shell's `&` do, and that is
    /// handed down.
    #[expect(unsafe_code, reason = "the standard library has nothing for signals")]
    pub(super) fn set_to_default() {
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            // SAFETY: no handler, so none that could do what a handler may not; `set` is a local, filled before its use.
            unsafe {
                libc::signal(signal, libc::SIG_DFL);
                let mut set = std::mem::zeroed();
                libc::sigemptyset(&raw mut set);
                libc::sigaddset(&raw mut set, signal);
                libc::sigprocmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
            }
        }
    }

    /// In the program: tells that it is there, and waits for the end.
    pub(super) fn wait() {
        println!("waiting");
        loop {
            std::thread::park();
        }
    }

    /// In the program: handles `SIGTERM` itself, and ends in good order.
    pub(super) fn wait_in_tokio() {
        use tokio::signal::unix::{SignalKind, signal};
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut signals = signal(SignalKind::terminate()).unwrap();
            println!("waiting");
            signals.recv().await;
            // Time enough for anybody else to report, and to end the program.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            super::work();
            println!("in good order");
        });
    }

    /// Sends the program of that case a signal while it waits: how it ended, and what it wrote.
    fn ended_by(case: &str, signal: &str) -> (ExitStatus, String, String) {
        let mut child = program(case).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(stdout.any(|line| line.ends_with("waiting")), "the program did not start");
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (child.wait().unwrap(), stdout.collect(), stderr)
    }

    #[test]
    fn a_signal_prints_it_once_and_ends_the_program() {
        for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
            let (status, _, stderr) = ended_by("wait", name);
            assert_eq!((status.signal(), rows(&stderr)), (Some(number), 1), "{name}: {stderr}");
        }
    }

    #[test]
    fn a_program_that_handles_the_signal_ends_as_it_likes() {
        let (status, stdout, stderr) = ended_by("tokio", "TERM");
        assert!(status.success() && stdout.contains("in good order"), "{status}: {stdout}\n{stderr}");
        let row = stderr.lines().find(|line| line.contains("on_exit::work")).unwrap();
        assert_eq!(row.split_whitespace().nth(1), Some("2"), "the call after the signal is in: {stderr}");
    }
}

/// A shell that starts the tests with `&`, or `nohup`, has them ignore signals.
#[test]
#[cfg(unix)]
fn ignored_signals_that_were_handed_down_change_nothing() {
    let exe = env::current_exe().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' INT HUP TERM; exec \"$0\" \"$@\""]).arg(exe);
    shell.args(["--exact", "timed::on_exit::signals::a_signal_prints_it_once_and_ends_the_program"]);
    let output = programs::output(&mut shell).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// In a few hundred processes, none of which is given more than a few seconds.
#[cfg(unix)]
mod processes {
    use std::io::stdout;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
    use std::thread;

    use festoon::timing;

    use super::{program, programs, rows, work};

    const TIMES: usize = 200;
    /// In seconds.
    const LIMIT: u32 = 20;

    /// Forks this process; the child does this, and is killed by a signal when it takes too long. How it ended.
    #[expect(unsafe_code, reason = "the standard library does not fork")]
    fn in_a_child(run: impl FnOnce()) -> libc::c_int {
        // SAFETY: the child calls `alarm`, `exit`, and what the cases below do in it.
        match unsafe { libc::fork() } {
            0 => {
                // SAFETY: has no conditions.
                unsafe { libc::alarm(LIMIT) };
                run();
                // Not the standard library's: that one takes a lock of its threads' stacks, which one of the parent's
                // threads, none of which are here, may have held.
                // SAFETY: ends the process; its handlers are what is tested.
                unsafe { libc::exit(9) };
            }
            child => {
                let mut status = 0;
                // SAFETY: `status` is a local; the child ends, if only by its alarm.
                assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
                status
            }
        }
    }

    fn assert_exited(status: libc::c_int) {
        assert!(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 9, "hung, or died: {status:#x}");
    }

    /// New threads all the time, that take shards and give them back.
    fn record(until: &AtomicBool, rounds: &AtomicU64) {
        while !until.load(SeqCst) {
            thread::scope(|scope| _ = scope.spawn(|| (0..100).for_each(|_| work())));
            rounds.fetch_add(1, SeqCst);
        }
    }

    fn report(until: &AtomicBool, rounds: &AtomicU64) {
        while !until.load(SeqCst) {
            drop(timing::report_on_exit().to_file("/dev/null"));
            rounds.fetch_add(1, SeqCst);
        }
    }

    /// In the program: forks while other threads record and report, so that any lock may be held.
    pub(super) fn fork_often() {
        let (until, rounds) = (AtomicBool::new(false), AtomicU64::new(0));
        thread::scope(|scope| {
            scope.spawn(|| record(&until, &rounds));
            scope.spawn(|| report(&until, &rounds));
            let statuses: Vec<_> = (0..TIMES).map(|_| in_a_child(|| {})).collect();
            until.store(true, SeqCst);
            statuses.into_iter().for_each(assert_exited);
        });
    }

    /// In the program: children that exit while their other threads record and report.
    pub(super) fn exit_often() {
        for _ in 0..TIMES {
            assert_exited(in_a_child(|| {
                static UNTIL: AtomicBool = AtomicBool::new(false);
                static ROUNDS: AtomicU64 = AtomicU64::new(0);
                let _report = timing::report_on_exit().to_file("/dev/null");
                thread::spawn(|| record(&UNTIL, &ROUNDS));
                thread::spawn(|| report(&UNTIL, &ROUNDS));
                while ROUNDS.load(SeqCst) < 5 {
                    thread::yield_now();
                }
                std::process::exit(9);
            }));
        }
    }

    /// In the program: the thread that exits keeps the standard output from the one that writes a report there.
    pub(super) fn exit_with_stdout_locked() {
        assert_exited(in_a_child(|| {
            let report = timing::report_on_exit().to_stdout();
            let _locked = stdout().lock();
            thread::spawn(move || drop(report));
            std::process::exit(9);
        }));
    }

    #[test]
    fn neither_a_fork_nor_an_exit_beside_other_threads_hangs() {
        for case in ["forks", "exits", "exit with stdout locked"] {
            let output = programs::output(&mut program(case)).unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{case}: {stderr}");
            // That of the program itself: the children that it forks print nothing of it.
            assert!(case != "forks" || rows(&stderr) == 1, "{stderr}");
        }
    }
}
