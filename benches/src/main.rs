//! festoon compared with its peers, in one process; README.md has the method and a run.
//!
//! `festoon-bench [part..] [--quick|--long]` measures. `festoon-bench --count PART TABLE CASE CALLS` only makes the
//! calls, for `instructions.sh`; `festoon-bench --sustained festoon|hotpath|bare CALLS` makes them on two threads and
//! checks the memory.

mod cached;
mod fan_out;
mod guard;
mod harness;
mod hot;
mod intern;
mod process;
mod protect;
mod ratios;
mod registry;
mod retry;
mod spans;
mod sustained;
mod timed;
mod tower;
mod wire;

use harness::{Effort, Suite};

struct Part {
    name: &'static str,
    suites: fn() -> Vec<Suite>,
    /// What is measured in another way.
    more: fn(Effort) -> String,
}

const PARTS: &[Part] = &[
    Part { name: "timed", suites: timed::suites, more: nothing },
    Part { name: "spans", suites: spans::suites, more: spans::scrapes },
    Part { name: "cached", suites: cached::suites, more: |_| ratios::table() },
    Part { name: "hot", suites: hot::suites, more: nothing },
    Part { name: "retry", suites: retry::suites, more: retry::sizes },
    Part { name: "protect", suites: protect_suites, more: nothing },
    Part { name: "fan_out", suites: fan_out::suites, more: nothing },
    Part { name: "process", suites: process::suites, more: process::python },
    Part { name: "guard", suites: guard::suites, more: nothing },
    Part { name: "intern", suites: intern::suites, more: nothing },
    Part { name: "registry", suites: registry_suites, more: registry::index_table },
];

fn protect_suites() -> Vec<Suite> {
    protect::suites().into_iter().chain(tower::suites()).collect()
}

fn registry_suites() -> Vec<Suite> {
    registry::suites().into_iter().chain(wire::suites()).collect()
}

fn nothing(_: Effort) -> String {
    String::new()
}

fn main() {
    festoon::process::init();
    procspawn::init();
    let words: Vec<String> = std::env::args().skip(1).collect();
    if run(&words.iter().map(String::as_str).collect::<Vec<_>>()).is_none() {
        let parts: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        eprintln!("festoon-bench [{}].. [--quick|--long]", parts.join("|"));
        std::process::exit(2);
    }
}

/// `None`: the arguments are invalid.
fn run(words: &[&str]) -> Option<()> {
    match words {
        ["--sustained", name, calls] => timed::sustained(name, calls.parse().ok()?),
        ["--index", name] => registry::print_index(name),
        ["--count", part, table, case, calls] => {
            let part = PARTS.iter().find(|known| known.name == *part)?;
            (part.suites)().get(table.parse::<usize>().ok()?)?.only_call(case, calls.parse().ok()?)
        }
        _ => measure(words),
    }
}

fn measure(words: &[&str]) -> Option<()> {
    let (flags, names): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.starts_with("--"));
    let effort = match flags[..] {
        [] => Effort::FULL,
        ["--quick"] => Effort::QUICK,
        ["--long"] => Effort::LONG,
        _ => return None,
    };
    if names.iter().any(|name| !PARTS.iter().any(|part| part.name == *name)) {
        return None;
    }
    for part in PARTS.iter().filter(|part| names.is_empty() || names.contains(&part.name)) {
        for suite in (part.suites)() {
            println!("{}", suite.run(effort));
        }
        print!("{}", (part.more)(effort));
    }
    Some(())
}
