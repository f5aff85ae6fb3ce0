//! festoon beside its peers, in one process. `festoon-bench [part..] [--quick]`; README.md has the method and a run.

mod harness;
mod timed;

use harness::{Effort, Suite};

type Part = (&'static str, fn() -> Vec<Suite>);

const PARTS: &[Part] = &[("timed", timed::suites)];

fn main() {
    let (flags, parts): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let effort = match flags.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Effort::FULL,
        ["--quick"] => Effort::QUICK,
        _ => return usage(),
    };
    if parts.iter().any(|part| !PARTS.iter().any(|(name, _)| name == part)) {
        return usage();
    }
    for (name, suites) in PARTS {
        if parts.is_empty() || parts.iter().any(|part| part == name) {
            for suite in suites() {
                println!("{}", suite.run(effort));
            }
        }
    }
}

fn usage() {
    let parts: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    eprintln!("festoon-bench [{}].. [--quick]", parts.join("|"));
    std::process::exit(2);
}
