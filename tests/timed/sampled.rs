//! `sample`: exact counts, scaled times.

use std::panic::catch_unwind;

use festoon::testing::{self, Handle};
use festoon::{Decorated, OutcomeKind, timed, timing};

use super::{MS, a_turn, assert_about, poll_once, takes};

#[test]
fn a_sampled_site_counts_every_call_and_scales_its_times() {
    let clock = testing::clock();
    #[timed(sample = 1/16)]
    fn work(clock: &Handle, fail: bool) -> Result<(), ()> {
        takes(clock, 2);
        if fail { Err(()) } else { Ok(()) }
    }
    for n in 0..4000 {
        let _ = work(&clock, n % 4 == 0);
    }
    let timing = work.timing();
    assert_eq!((timing.outcomes().success(), timing.outcomes().error()), (3000, 1000));
    assert_about(timing.mean(), 2 * MS);
    // Every call takes the same, so that the scaled sum is exact but for rounding.
    assert_about(timing.time_in(OutcomeKind::Success), 6000 * MS);
    let report = timing::report();
    let row = report
        .rows()
        .iter()
        .find(|row| row.name.ends_with("a_sampled_site_counts_every_call_and_scales_its_times::work"));
    let measured: u64 = row.unwrap().histogram.iter().map(|bucket| bucket.count).sum();
    assert!((120..260).contains(&measured), "about a sixteenth of 3000, not {measured}");
    assert_eq!(row.unwrap().sample, Some(16));
    assert!(report.to_string().contains("work (1/16)"), "{report}");
}

#[test]
fn a_sampled_async_site_counts_panics_and_cancellations() {
    #[timed(sample = 1/1000)]
    async fn work(how: u8) {
        a_turn().await;
        assert!(how != 1, "as asked");
    }
    for _ in 0..10 {
        ::futures::executor::block_on(work(0));
        let _ = catch_unwind(|| ::futures::executor::block_on(work(1)));
        let mut future = Box::pin(work(0));
        let _ = poll_once(future.as_mut());
    }
    let outcomes = work.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.panic(), outcomes.cancelled()), (10, 10, 10));
}

#[test]
fn what_is_not_measured_and_fails_is_counted_as_that() {
    #[timed(sample = 1/1000)]
    fn work(how: u8) -> Result<(), ()> {
        assert!(how != 2, "as asked");
        if how == 1 { Err(()) } else { Ok(()) }
    }
    for call in 0..30 {
        let _ = catch_unwind(|| work(call % 3));
    }
    let outcomes = work.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.error(), outcomes.panic()), (10, 10, 10));
}

#[test]
fn an_async_call_that_is_not_measured_counts_when_it_has_ended() {
    #[timed(sample = 1/1000)]
    async fn work() {
        a_turn().await;
    }
    // The first one is measured, the second one decides how many are not.
    for _ in 0..2 {
        ::futures::executor::block_on(work());
    }
    let mut running: Vec<_> = (0..5).map(|_| Box::pin(work())).collect();
    assert!(running.iter_mut().all(|future| poll_once(future.as_mut()).is_pending()));
    assert_eq!(work.timing().calls(), 2);
    // On another thread, as tasks that move do.
    let end = move || running.iter_mut().all(|future| poll_once(future.as_mut()).is_ready());
    assert!(std::thread::spawn(end).join().unwrap());
    assert_eq!(work.timing().outcomes().success(), 7);
}

#[test]
fn a_sampled_call_that_is_slow_shows_its_arguments() {
    let clock = testing::clock();
    #[timed(sample = 1/1, warn_over = 10ms, args(id))]
    fn work(id: u32, clock: &Handle) {
        takes(clock, 20);
    }
    let told = crate::events::of(|| work(7, &clock));
    assert!(told.iter().any(|event| event.contains("id = 7")), "{told:?}");
}
