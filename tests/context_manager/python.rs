//! The same programs in Python, with contextlib, and in Rust: they print the same.

use std::process::Command;

use festoon::managers::{closing, nullcontext, suppress};
use festoon::{Exit, ExitStack, Manager, with};

use super::{Does, Failure, Log, Step, failure};

/// What [`Step`] is there, and what ends a program with an error.
const PRELUDE: &str = "
from contextlib import *
class Step:
    def __init__(self, name, does=''):
        self.name, self.does = name, does
    def __enter__(self):
        if self.does == 'refuse':
            raise ValueError('entry')
        print('+' + self.name)
        return self
    def __exit__(self, kind, error, trace):
        print('-%s: %s' % (self.name, 'success' if kind is None else 'error'))
        if self.does == 'fail':
            raise ValueError('exit')
        return self.does == 'swallow'
def run(body):
    try:
        print(body())
    except ValueError:
        print('error')
";

fn in_python(body: &str) -> Option<Vec<String>> {
    let program = format!("{PRELUDE}\ndef body():\n{body}\nrun(body)\n");
    let output = Command::new("python3").args(["-c", &program]).output().ok()?;
    assert!(output.status.success(), "{}\n{program}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

fn here(body: fn(&Log) -> Result<&'static str, Failure>) -> Vec<String> {
    let log = Log::default();
    let printed = body(&log).unwrap_or("error");
    log.add(printed);
    log.take()
}

fn step<'l>(log: &'l Log, name: &'static str, does: Does) -> Step<'l> {
    Step { log, name, does }
}

fn several(log: &Log) -> Result<&'static str, Failure> {
    with!(log.step("a"), log.step("b") => { return Err(failure("body")) } else {});
    Ok("end")
}

fn returning(log: &Log) -> Result<&'static str, Failure> {
    for _ in 0..3 {
        with!(log.step("a") => { if log.0.lock().unwrap().len() > 2 { return Ok("returned") } else { continue } } else {});
    }
    Ok("end")
}

fn swallowing(log: &Log) -> Result<&'static str, Failure> {
    with!(log.step("a"), step(log, "b", Does::Swallow) => { Err(failure("body"))? } else {});
    Ok("end")
}

fn refused(log: &Log) -> Result<&'static str, Failure> {
    with!(log.step("a"), step(log, "b", Does::RefuseEntry) => {} else {});
    Ok("end")
}

fn failing(log: &Log) -> Result<&'static str, Failure> {
    with!(log.step("a"), step(log, "b", Does::FailOnExit) => {} else {});
    Ok("end")
}

fn stacked(log: &Log) -> Result<&'static str, Failure> {
    let ended = ExitStack::scope(|stack| {
        stack.enter(log.step("a"))?;
        stack.callback(|| log.add("callback"));
        stack.enter(step(log, "b", Does::Swallow))?;
        stack.enter(step(log, "c", Does::FailOnExit))?;
        Err::<(), _>(failure("body"))
    });
    ended.map(|_| "end")
}

fn moved(log: &Log) -> Result<&'static str, Failure> {
    let mut stack = ExitStack::<Failure>::new();
    stack.enter(log.step("a"))?;
    let mut other = stack.pop_all();
    stack.enter(log.step("b"))?;
    stack.close()?;
    log.add("between");
    other.close()?;
    Ok("end")
}

fn ready(log: &Log) -> Result<&'static str, Failure> {
    let null = closing((), |()| log.add("closed")).scope(|_| {
        nullcontext("null").scope(|null| {
            log.add(**null);
            Ok::<_, Failure>(null.len())
        })
    });
    assert_eq!(null, Ok(4));
    let ended: Result<_, Failure> =
        suppress(|_| true).scope_opt(|_| log.step("a").scope_opt(|_| Err::<(), _>(failure("body"))));
    ended.map(|ended| if ended.is_none() { "suppressed" } else { "end" })
}

type Program = fn(&Log) -> Result<&'static str, Failure>;

const PROGRAMS: [(&str, Program); 8] = [
    ("    with Step('a'), Step('b'):\n        raise ValueError\n    return 'end'", several),
    (
        "    for turn in range(3):\n        with Step('a'):\n            if turn == 1:\n                return 'returned'\n            \
         continue\n    return 'end'",
        returning,
    ),
    ("    with Step('a'), Step('b', 'swallow'):\n        raise ValueError\n    return 'end'", swallowing),
    ("    with Step('a'), Step('b', 'refuse'):\n        pass\n    return 'end'", refused),
    ("    with Step('a'), Step('b', 'fail'):\n        pass\n    return 'end'", failing),
    (
        "    with ExitStack() as stack:\n        stack.enter_context(Step('a'))\n        stack.callback(lambda: print('callback'))\n        \
         stack.enter_context(Step('b', 'swallow'))\n        stack.enter_context(Step('c', 'fail'))\n        raise \
         ValueError\n    return 'end'",
        stacked,
    ),
    (
        "    stack = ExitStack()\n    stack.enter_context(Step('a'))\n    other = stack.pop_all()\n    \
         stack.enter_context(Step('b'))\n    stack.close()\n    print('between')\n    other.close()\n    return 'end'",
        moved,
    ),
    (
        "    class File:\n        def close(self):\n            print('closed')\n    with closing(File()):\n        with \
         nullcontext('null') as null:\n            print(null)\n    with suppress(ValueError):\n        with \
         Step('a'):\n            raise ValueError\n    return 'suppressed'",
        ready,
    ),
];

#[test]
fn the_order_is_the_one_of_contextlib() {
    for (program, body) in PROGRAMS {
        let Some(printed) = in_python(program) else { return eprintln!("skipped: there is no python3") };
        assert_eq!(here(body), printed, "{program}");
    }
}
