//! What retries do to a failing service: the fleet of `examples/fleet`, and the table of `docs/fleet.md`.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a simulation's numbers are small"
)]

#[path = "../examples/fleet/simulation.rs"]
mod simulation;

use std::thread;

use simulation::{FAILING, FAILS, FLOOR, Outcome, PROTECTIONS, Protection, RATIO, SECONDS, TIERS, run, sum};

/// A tenth of the fleet, with a tenth of the requests: the same for each instance.
const INSTANCES: usize = 5;

fn each_failing(protection: Protection) -> [Outcome; FAILING.len()] {
    thread::scope(|scope| {
        let runs = FAILING.map(|failing| scope.spawn(move || run(INSTANCES, protection, failing, 1)));
        runs.map(|run| run.join().unwrap())
    })
}

/// Retries of one tier are at most a tenth of its calls, and the floor.
fn is_within_budget(outcome: &Outcome, instances: usize) {
    let floor = f64::from(FLOOR) * instances as f64 * (SECONDS + 1) as f64;
    for tier in 1..TIERS {
        let (asked, asks) = (sum(&outcome.calls[tier - 1]), sum(&outcome.calls[tier]));
        assert!(asks <= (1.0 + RATIO) * asked + floor, "tier {tier}: {asks} calls for {asked}, and a floor of {floor}");
    }
}

#[test]
fn naive_retries_multiply_from_tier_to_tier() {
    let [few, half, all] = each_failing(Protection::Naive);
    // Three attempts, three times each.
    assert!(all.amplification() > 8.5 && all.amplification() <= 9.05, "{}", all.amplification());
    assert!(few.amplification() < half.amplification() && half.amplification() < all.amplification());
}

#[test]
fn a_budget_bounds_the_retries_of_each_tier() {
    for outcome in each_failing(Protection::Budget) {
        is_within_budget(&outcome, INSTANCES);
    }
    // All of the fleet, in its worst minute.
    let fleet = run(50, Protection::Budget, 1.0, 1);
    is_within_budget(&fleet, 50);
    let requests_per_second = sum(&fleet.calls[0]) / SECONDS as f64;
    assert!((950.0..1_050.0).contains(&requests_per_second), "{requests_per_second}");
    // The floor is a retry a second for every twenty calls that an instance makes; two tiers have one.
    let most = (1.0_f64 + RATIO + f64::from(FLOOR) / 20.0).powi(2);
    // All of it is used when everything fails.
    assert!((fleet.amplification() - most).abs() <= 0.02, "{} of {most}", fleet.amplification());
}

#[test]
fn breakers_take_the_load_away_when_half_of_the_calls_fail_and_not_before() {
    let [few, half, all] = each_failing(Protection::Breakers);
    assert!(few.served() > 0.99 && few.amplification() < 1.1, "{few:?}");
    assert!(
        half.amplification() < 0.6 && all.amplification() < 0.3,
        "{} {}",
        half.amplification(),
        all.amplification()
    );
    // They close again when the tier is well.
    let after = FAILS.end + 8..SECONDS;
    assert!(sum(&all.calls[TIERS - 1][after.clone()]) > 0.9 * sum(&all.calls[0][after]), "{all:?}");
}

#[test]
fn hedges_stay_within_their_budget() {
    // Each instance of two tiers has ten second calls to begin with.
    let first = 10.0 * INSTANCES as f64;
    for outcome in each_failing(Protection::Hedges) {
        let [first_tier, second, last] = outcome.calls.each_ref().map(|calls| sum(calls));
        assert!(second <= (1.0 + RATIO) * first_tier + first && last <= (1.0 + RATIO) * second + first, "{outcome:?}");
    }
}

#[test]
fn the_seed_decides() {
    for protection in PROTECTIONS {
        let run = |seed| run(2, protection, 0.5, seed).calls;
        assert_eq!(run(7), run(7), "{protection:?}");
        assert_ne!(run(7), run(8), "{protection:?}");
    }
}

/// `1.32x, 66 % served`
fn cell(text: &str) -> (f64, f64) {
    let (calls, served) = text.trim().split_once("x, ").unwrap();
    (calls.parse().unwrap(), served.trim_end_matches(" % served").parse::<f64>().unwrap() / 100.0)
}

/// A tenth of the fleet differs a little from all of it.
#[test]
fn the_table_of_the_guide_is_what_comes_of_it() {
    let page = include_str!("../docs/fleet.md");
    for protection in PROTECTIONS {
        let start = format!("| {} |", protection.name());
        let row = page.lines().find_map(|line| line.strip_prefix(&start)).expect("a row for each");
        let cells = row.trim_end_matches('|').split('|').map(cell);
        for ((calls, served), outcome) in cells.zip(each_failing(protection)) {
            let (ours, all) = (outcome.amplification(), format!("{protection:?}: {outcome:?}"));
            assert!((ours - calls).abs() <= 0.1 + 0.05 * calls, "{ours} instead of {calls}; {all}");
            assert!((outcome.served() - served).abs() <= 0.12, "{} instead of {served}; {all}", outcome.served());
        }
    }
}
