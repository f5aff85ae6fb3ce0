//! `with!` around 200 bodies made at random, beside the same bodies with the exit written by hand at each way out.

use fastrand::Rng;
use std::fmt::Write;
use std::path::Path;

/// The rest of the program.
const PRELUDE: &str = r#"
#![allow(warnings)]
use festoon::{Guard, OutcomeKind, with};
use std::cell::RefCell;

#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl Log {
    fn add(&self, event: impl ToString) { self.0.borrow_mut().push(event.to_string()) }
    fn is(&self, of: usize, rest: usize) -> bool { (self.0.borrow().len() * 7 + self.0.borrow().len() / 3) % of == rest }
}

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Scope<'a>(&'a Log, u32);

impl Scope<'_> {
    fn end(&mut self, how: OutcomeKind) { exit(self.0, self.1, how.name()) }
}

fn enter(log: &Log, id: u32) -> Scope<'_> {
    log.add(format!("+{id}"));
    Scope(log, id)
}

fn exit(log: &Log, id: u32, how: &str) { log.add(format!("-{id}: {how}")) }

fn error(number: u32) -> Result<u32, u32> { Err(number) }

type Body = fn(&Log) -> Result<u32, u32>;

fn run(body: Body, events: usize) -> (Result<u32, u32>, Vec<String>) {
    let log = Log::default();
    (0..events).for_each(|event| log.add(event));
    let result = body(&log);
    (result, log.0.take())
}

fn main() {
    for (index, (with, by_hand)) in BODIES.iter().enumerate() {
        for events in 0..12 {
            assert_eq!(run(*with, events), run(*by_hand, events), "body {index} after {events} events");
        }
    }
}
"#;

/// What stands around a statement.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    Loop(u32),
    Block(u32),
    With(u32),
}

/// One body, written twice.
struct Writer<'r> {
    rng: &'r mut Rng,
    next: u32,
    around: Vec<Around>,
    with: String,
    by_hand: String,
}

impl Writer<'_> {
    /// The same text in both.
    fn both(&mut self, text: &str) {
        self.with.push_str(text);
        self.by_hand.push_str(text);
    }

    fn id(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn block(&mut self, depth: usize) {
        for _ in 0..self.rng.usize(1..4) {
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: usize) {
        let id = self.id();
        match self.rng.u8(..if depth == 0 { 4 } else { 10 }) {
            0 => self.both(&format!("log.add({id});\n")),
            1..4 => self.jump(id),
            4 => {
                self.condition();
                self.block(depth - 1);
                self.both("} else {\n");
                self.block(depth - 1);
                self.both("}\n");
            }
            5 => self.within(Around::Loop(id), &format!("'l{id}: for _ in 0..{} {{\n", id % 3 + 1), depth),
            6 => self.within(Around::Block(id), &format!("'l{id}: {{\n"), depth),
            _ => self.with(id, depth),
        }
    }

    fn condition(&mut self) {
        let of = self.rng.usize(2..5);
        let rest = self.rng.usize(..of);
        self.both(&format!("if log.is({of}, {rest}) {{\n"));
    }

    fn within(&mut self, around: Around, start: &str, depth: usize) {
        self.both(start);
        self.around.push(around);
        self.block(depth - 1);
        self.around.pop();
        self.both("}\n");
    }

    fn with(&mut self, id: u32, depth: usize) {
        writeln!(self.with, "with!(scope{id} = enter(log, {id}) => {{").unwrap();
        writeln!(self.by_hand, "{{ std::mem::forget(enter(log, {id}));").unwrap();
        self.around.push(Around::With(id));
        self.block(depth - 1);
        self.around.pop();
        self.with.push_str("});\n");
        writeln!(self.by_hand, "exit(log, {id}, \"success\"); }}").unwrap();
    }

    /// By hand, what is left is exited before: all down to the target.
    fn jump(&mut self, id: u32) {
        self.condition();
        let targets: Vec<usize> =
            (0..self.around.len()).filter(|at| !matches!(self.around[*at], Around::With(_))).collect();
        let target = self.rng.choice(&targets).copied();
        let (text, how, left) = match (self.rng.u8(..4), target) {
            (0, _) => (format!("return Ok({id});"), "success", 0),
            (1, _) => (format!("error({id})?;"), "error", 0),
            (way, Some(at)) => (self.leaving(at, way == 2), "success", at),
            (_, None) => (format!("vec![error({id})?];"), "error", 0),
        };
        for around in self.around[left..].iter().rev() {
            if let Around::With(id) = around {
                writeln!(self.by_hand, "exit(log, {id}, {how:?});").unwrap();
            }
        }
        self.both(&format!("{text}\n}}\n"));
    }

    /// `break` or `continue`; without a label where it means the same.
    fn leaving(&self, at: usize, breaks: bool) -> String {
        let is_nearest = !self.around[at + 1..].iter().any(|around| matches!(around, Around::Loop(_) | Around::Block(_)));
        match self.around[at] {
            Around::Loop(_) if is_nearest => if breaks { "break;" } else { "continue;" }.to_owned(),
            Around::Loop(id) => format!("{} 'l{id};", if breaks { "break" } else { "continue" }),
            Around::Block(id) | Around::With(id) => format!("break 'l{id};"),
        }
    }
}

/// *Output:* both versions of the body with this number.
fn bodies(index: u64) -> String {
    let rng = &mut Rng::with_seed(index);
    let mut writer = Writer { rng, next: 0, around: Vec::new(), with: String::new(), by_hand: String::new() };
    writer.with(0, 5);
    let Writer { with, by_hand, .. } = writer;
    let function = |name: &str, body: &str| {
        format!("fn {name}{index}(log: &Log) -> Result<u32, u32> {{\n{body}\nOk(0)\n}}\n")
    };
    function("with", &with) + &function("by_hand", &by_hand)
}

#[test]
fn two_hundred_bodies_do_what_they_do_with_the_exit_written_by_hand() {
    let mut program = PRELUDE.to_owned();
    (0..200).for_each(|index| program += &bodies(index));
    let table = (0..200).map(|index| format!("(with{index}, by_hand{index}),")).collect::<String>();
    write!(program, "const BODIES: &[(Body, Body)] = &[{table}];\n").unwrap();
    assert!(program.matches("with!(").count() > 1_000, "only {} scopes", program.matches("with!(").count());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("with_bodies.rs");
    std::fs::write(&path, program).unwrap();
    trybuild::TestCases::new().pass(path);
}
