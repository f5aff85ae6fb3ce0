//! Programs that tests start: each has a time limit, whatever happens to it.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Ample, also on a machine that is busy with other things.
const LIMIT: Duration = Duration::from_secs(120);

/// As [`Command::output`]; one that is still running at the limit is killed, and the test fails.
#[track_caller]
pub fn output(command: &mut Command) -> std::io::Result<Output> {
    output_of(command, "")
}

/// The same for a program that reads this text.
#[track_caller]
pub fn output_of(command: &mut Command, input: &str) -> std::io::Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let id = child.id();
    // A program that does not read has no fault.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    let (ended, end) = mpsc::channel();
    let waiter = thread::spawn(move || ended.send(child.wait_with_output()));
    let Ok(output) = end.recv_timeout(LIMIT) else {
        // Not waited for yet, so that the number is still its own.
        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        let _ = waiter.join();
        let output = end.recv().map(|output| output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()));
        panic!("{command:?} did not end within {LIMIT:?}: {output:?}");
    };
    output
}
