//! The file: an array of events, one per line, which is only ever cut between two of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::time::Duration;

use super::Event;
use crate::clock;
use crate::outcome::OutcomeKind;
use crate::timed::observer::Key;
use crate::timed::site::TimedSite;
use crate::timed::thread::Thread;

#[derive(Debug)]
pub(super) struct TraceFile {
    /// `None` if it is complete, or cannot be written.
    file: Option<File>,
    error: Option<io::Error>,
    pid: u32,
    /// As JSON, by the address of the site.
    names: BTreeMap<usize, String>,
}

impl TraceFile {
    pub(super) fn new(mut file: File) -> io::Result<Self> {
        let pid = std::process::id();
        let program =
            std::env::current_exe().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let name = json_string(&program.unwrap_or_default());
        // The first event, so that all others may begin with a comma.
        let head = r#""ph":"M","name":"process_name","#;
        file.write_all(format!("[\n{{{head}\"pid\":{pid},\"tid\":0,\"args\":{{\"name\":{name}}}}}").as_bytes())?;
        Ok(TraceFile { file: Some(file), error: None, pid, names: BTreeMap::new() })
    }

    /// Writes the name of a thread.
    pub(super) fn thread(&mut self, thread: &Thread) {
        let (pid, tid, name) = (self.pid, thread.number, json_string(&thread.name));
        let head = r#""ph":"M","name":"thread_name","#;
        self.append(&format!(",\n{{{head}\"pid\":{pid},\"tid\":{tid},\"args\":{{\"name\":{name}}}}}"));
    }

    /// Writes the events of one thread in a recording that started at `start`.
    pub(super) fn events(&mut self, thread: &Thread, start: u64, events: &[Event]) {
        if self.file.is_none() || events.is_empty() {
            return;
        }
        let mut lines = String::with_capacity(160 * events.len());
        for event in events {
            let name = self.names.entry(event.call.site.address()).or_insert_with(|| quoted_name(event.call.site));
            let line = Line { event, name, pid: self.pid, tid: thread.number, start };
            // Writing to a `String` cannot fail.
            let _ = line.write(&mut lines);
        }
        self.append(&lines);
    }

    fn append(&mut self, text: &str) {
        let Some(file) = &mut self.file else { return };
        if let Err(error) = file.write_all(text.as_bytes()) {
            self.file = None;
            self.error = Some(error);
        }
    }

    pub(super) fn close(&mut self) -> io::Result<()> {
        self.append("\n]\n");
        self.file = None;
        self.error.take().map_or(Ok(()), Err)
    }
}

/// One event to be written.
struct Line<'a> {
    event: &'a Event,
    /// As JSON.
    name: &'a str,
    pid: u32,
    tid: u64,
    start: u64,
}

impl Line<'_> {
    /// *Output:* `X` for a sync call or a poll, `b` and `e` for an async call.
    fn write(&self, out: &mut String) -> std::fmt::Result {
        let (from, to) = (self.since_start(self.event.from), self.since_start(self.event.to));
        let length = to.saturating_sub(from);
        match (self.event.call.key, self.event.outcome) {
            (Key::Sync(..), outcome) => {
                let outcome = outcome.map_or("", OutcomeKind::name);
                self.head(out, "X", from)?;
                write!(out, ",\"dur\":{},\"args\":{{\"outcome\":\"{outcome}\"}}}}", Micros(length))
            }
            (Key::Async(address), None) => {
                self.head(out, "X", from)?;
                write!(out, ",\"dur\":{},\"args\":{{\"poll_of\":{}}}}}", Micros(length), self.id(address))
            }
            (Key::Async(address), Some(outcome)) => {
                self.head(out, "b", from)?;
                write!(out, ",\"id\":{},\"args\":{{\"outcome\":\"{outcome}\"}}}}", self.id(address))?;
                self.head(out, "e", to)?;
                write!(out, ",\"id\":{}}}", self.id(address))
            }
        }
    }

    fn head(&self, out: &mut String, phase: &str, at: Duration) -> std::fmt::Result {
        let Line { name, pid, tid, .. } = self;
        let at = Micros(at);
        write!(
            out,
            ",\n{{\"ph\":\"{phase}\",\"name\":{name},\"cat\":\"festoon\",\"pid\":{pid},\"tid\":{tid},\"ts\":{at}"
        )
    }

    fn since_start(&self, ticks: u64) -> Duration {
        clock::duration(ticks.saturating_sub(self.start))
    }

    fn id(&self, address: usize) -> Id {
        Id { address, start: self.event.call.start }
    }
}

/// The address of an async call, which others may reuse after it, and when it started.
struct Id {
    address: usize,
    start: u64,
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{:x}.{:x}\"", self.address, self.start)
    }
}

/// Microseconds, with nanoseconds as decimals.
struct Micros(Duration);

impl std::fmt::Display for Micros {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nanos = u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX);
        write!(f, "{}.{:03}", nanos / 1000, nanos % 1000)
    }
}

fn quoted_name(site: &TimedSite) -> String {
    json_string(&site.title())
}

/// Quoted and escaped, RFC 8259 §7.
fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Writing to a `String` cannot fail.
            '\0'..='\u{1f}' => drop(write!(out, "\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        assert_eq!(json_string("a \"b\" \\ \n ü"), r#""a \"b\" \\ \u000a ü""#);
    }

    #[test]
    fn microseconds_have_three_digits() {
        assert_eq!(Micros(Duration::from_nanos(1_234_005)).to_string(), "1234.005");
        assert_eq!(Micros(Duration::from_nanos(7)).to_string(), "0.007");
    }
}
