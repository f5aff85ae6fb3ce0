//! `with!` around 200 random bodies, compared with the same bodies with a hand-written exit at each way out.
#![allow(unused, clippy::all, clippy::pedantic, reason = "nobody wrote the bodies")]

use festoon::{Guard, OutcomeKind, with};
use std::cell::RefCell;

include!(concat!(env!("OUT_DIR"), "/bodies.rs"));

#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl Log {
    fn add(&self, event: impl ToString) {
        self.0.borrow_mut().push(event.to_string());
    }

    /// Depends on all that has happened.
    fn is(&self, of: usize, rest: usize) -> bool {
        let events = self.0.borrow().len();
        (events * 7 + events / 3) % of == rest
    }
}

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Scope<'a>(&'a Log, u32);

impl Scope<'_> {
    fn end(&mut self, how: OutcomeKind) {
        exit(self.0, self.1, how.name());
    }
}

fn enter(log: &Log, id: u32) -> Scope<'_> {
    log.add(format!("+{id}"));
    Scope(log, id)
}

fn exit(log: &Log, id: u32, how: &str) {
    log.add(format!("-{id}: {how}"));
}

fn error(number: u32) -> Result<u32, u32> {
    Err(number)
}

type Body = fn(&Log) -> Result<u32, u32>;

/// What it gives, and what happened, when so many events came before.
fn run(body: Body, events: usize) -> (Result<u32, u32>, Vec<String>) {
    let log = Log::default();
    (0..events).for_each(|event| log.add(event));
    let result = body(&log);
    (result, log.0.take())
}

#[test]
fn two_hundred_bodies_do_what_they_do_with_the_exit_written_by_hand() {
    let mut ways = [0, 0];
    for (index, (with, by_hand)) in BODIES.iter().enumerate() {
        for events in 0..12 {
            let (result, log) = run(*with, events);
            ways[usize::from(result.is_err())] += usize::from(log.len() > events + 4);
            assert_eq!((result, log), run(*by_hand, events), "body {index} after {events} events");
        }
    }
    assert!(ways.iter().all(|count| *count > 300), "they do too little: {ways:?}");
}
