//! What retries do to a failing service, in virtual time: 150 instances, 1,000 requests a second. Prints the table of
//! `docs/fleet.md`, and writes its picture: `cargo run --release --example fleet -- docs/fleet.svg`.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

#[path = "fleet/picture.rs"]
mod picture;
#[path = "fleet/simulation.rs"]
mod simulation;

use std::thread;

use simulation::{FAILING, Outcome, PROTECTIONS, run};

const INSTANCES: usize = 50;

fn main() -> std::io::Result<()> {
    let outcomes = thread::scope(|scope| {
        let started = FAILING.map(|failing| {
            scope.spawn(move || PROTECTIONS.map(|protection| run(INSTANCES, protection, failing, 1)).to_vec())
        });
        started.map(|thread| thread.join().expect("a simulation panicked"))
    });
    println!("{}", table(&outcomes));
    std::env::args().nth(1).map_or(Ok(()), |path| std::fs::write(path, picture::svg(&outcomes)))
}

fn table(outcomes: &[Vec<Outcome>]) -> String {
    let head: Vec<String> = FAILING.iter().map(|share| format!("{:.0} % fail", share * 100.0)).collect();
    let head = format!("| | {} |\n|---|{}", head.join(" | "), "---|".repeat(FAILING.len()));
    let rows = PROTECTIONS.iter().enumerate().map(|(number, protection)| {
        let cells: Vec<String> = outcomes.iter().map(|outcomes| cell(&outcomes[number])).collect();
        format!("| {} | {} |", protection.name(), cells.join(" | "))
    });
    [head].into_iter().chain(rows).collect::<Vec<String>>().join("\n")
}

fn cell(outcome: &Outcome) -> String {
    format!("{:.2}x, {:.0} % served", outcome.amplification(), outcome.served() * 100.0)
}
