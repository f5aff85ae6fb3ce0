//! Generates 200 random bodies, each twice: in `with!`, and with a hand-written exit at each way out.

use fastrand::Rng;
use std::fmt::Write;
use std::path::Path;

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
        writeln!(self.with, "with!(enter(log, {id}) => {{").unwrap();
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
        let is_nearest =
            !self.around[at + 1..].iter().any(|around| matches!(around, Around::Loop(_) | Around::Block(_)));
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
    let function =
        |name: &str, body: &str| format!("fn {name}{index}(log: &Log) -> Result<u32, u32> {{\n{body}\nOk(0)\n}}\n");
    function("with", &with) + &function("by_hand", &by_hand)
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut program: String = (0..200).map(bodies).collect();
    program.push_str("const BODIES: &[(Body, Body)] = &[");
    (0..200).for_each(|index| write!(program, "(with{index}, by_hand{index}),").unwrap());
    program.push_str("];");
    let folder = std::env::var_os("OUT_DIR").unwrap();
    std::fs::write(Path::new(&folder).join("bodies.rs"), program).unwrap();
}
