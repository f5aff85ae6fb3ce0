//! Prometheus' own check: `promtool check metrics`. Without it these tests print that they were skipped; `tests/run.sh`
//! installs it.

use std::process::Command;

use festoon::{testing, timed, timing};

use super::a_turn;
use crate::programs;

/// Nothing is wrong, and nothing is found fault with.
#[track_caller]
pub(crate) fn assert_accepts(text: &str) {
    let Ok(output) = programs::output_of(Command::new("promtool").args(["check", "metrics"]), text) else {
        eprintln!("skipped: promtool is not installed");
        return;
    };
    let says = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && says.is_empty(), "{}\n{text}", String::from_utf8_lossy(&says));
}

#[test]
fn it_accepts_the_report_whatever_functions_are_called() {
    let clock = testing::clock();
    #[timed(name = "a \"name\"\nwith \\ {everything} in it, ü included")]
    fn odd(fail: bool) -> Result<(), ()> {
        if fail { Err(()) } else { Ok(()) }
    }
    #[timed(sample = 1/16)]
    async fn sampled() {
        a_turn().await;
    }
    let _ = (odd(true), odd(false));
    clock.advance(super::MS);
    for _ in 0..100 {
        futures::executor::block_on(sampled());
    }
    assert_accepts(&timing::report().to_prometheus());
}
