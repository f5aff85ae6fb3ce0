//! `#[timed]`: what is counted, what is distinguished, and what is left unchanged.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use festoon::testing::{self, Handle};
use festoon::{Decorated, OutcomeKind, timed, timing};

mod compare;
mod destructors;
mod futures;
mod in_flight;
mod memory;
mod metrics;
mod on_exit;
mod page;
pub(crate) mod promtool;
mod report;
mod sampled;
mod scope;
mod scoped;
mod serve;
mod slow;
mod span;
mod span_log;
mod span_options;
mod span_stacks;
mod terminal;
mod trace;
mod tree;

const MS: Duration = Duration::from_millis(1);

/// Moves the virtual clock as a call that takes that long would.
fn takes(clock: &Handle, millis: u32) {
    clock.advance(MS * millis);
}

/// Ticks are converted by a measured rate: equal to a part in ten thousand.
#[track_caller]
fn assert_about(actual: Duration, expected: Duration) {
    assert!(actual.abs_diff(expected) <= expected / 10_000 + Duration::from_nanos(2), "{actual:?}, not {expected:?}");
}

fn poll_once<F: Future + ?Sized>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Pending once.
async fn a_turn() {
    let mut polled = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[test]
fn ok_and_err_are_counted_apart() {
    #[timed]
    fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }
    let _ = (parse("1"), parse("2"), parse("x"));
    let outcomes = parse.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.error(), outcomes.count(OutcomeKind::Panic)), (2, 1, 0));
}

#[test]
fn a_result_is_known_under_any_name() {
    type Answer<T> = Result<T, String>;
    #[timed]
    fn alias(n: u32) -> Answer<u32> {
        if n == 0 { Err("zero".into()) } else { Ok(n) }
    }
    #[timed]
    fn of_io(n: i32) -> std::io::Result<()> {
        if n == 0 { Err(std::io::Error::from_raw_os_error(2)) } else { Ok(()) }
    }
    #[timed]
    fn generic<T: Clone>(value: &T, fail: bool) -> Result<T, ()> {
        if fail { Err(()) } else { Ok(value.clone()) }
    }
    let _ = (alias(0), alias(1), of_io(0), of_io(1), generic(&1, true), generic(&"x", false));
    for outcomes in [alias.timing().outcomes(), of_io.timing().outcomes(), generic::<u8>.timing().outcomes()] {
        assert_eq!((outcomes.success(), outcomes.error()), (1, 1));
    }
}

#[test]
fn none_is_a_success() {
    #[timed]
    fn find(n: u32) -> Option<u32> {
        (n > 0).then_some(n)
    }
    let _ = (find(0), find(1));
    assert_eq!(find.timing().outcomes().success(), 2);
}

#[test]
fn early_returns_and_question_marks_are_seen() {
    #[timed]
    fn both(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
        if text.is_empty() {
            return Ok(0);
        }
        let n: u32 = text.parse()?;
        if n > 9 {
            return Err("too large".into());
        }
        Ok(n)
    }
    let _ = (both(""), both("3"), both("x"), both("10"));
    let outcomes = both.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.error()), (2, 2));
}

#[test]
fn a_panic_counts_as_one_and_does_not_touch_the_latency() {
    let clock = testing::clock();
    #[timed]
    fn work(clock: &Handle, millis: u32, fail: bool) {
        takes(clock, millis);
        assert!(!fail, "as asked");
    }
    work(&clock, 2, false);
    assert!(catch_unwind(AssertUnwindSafe(|| work(&clock, 500, true))).is_err());
    let timing = work.timing();
    assert_eq!((timing.outcomes().success(), timing.outcomes().panic()), (1, 1));
    assert_about(timing.max(), 2 * MS);
    assert_about(timing.time_in(OutcomeKind::Panic), 500 * MS);
    assert_about(timing.total(), 502 * MS);
}

#[test]
fn an_error_does_not_touch_the_latency_either() {
    let clock = testing::clock();
    #[timed]
    fn work(clock: &Handle, millis: u32) -> Result<(), u32> {
        takes(clock, millis);
        if millis > 100 { Err(millis) } else { Ok(()) }
    }
    let _ = (work(&clock, 2), work(&clock, 4), work(&clock, 700));
    assert_about(work.timing().mean(), 3 * MS);
    assert_about(work.timing().time_in(OutcomeKind::Error), 700 * MS);
}

#[test]
fn quantiles_are_known_to_two_percent() {
    let clock = testing::clock();
    #[timed]
    fn work(clock: &Handle, millis: u32) {
        takes(clock, millis);
    }
    for millis in 1..=100 {
        work(&clock, millis);
    }
    let timing = work.timing();
    for (share, millis) in [(0.5, 50), (0.9, 90), (0.95, 95), (0.99, 99)] {
        let (known, exact) = (timing.quantile(share), MS * millis);
        assert!(known.abs_diff(exact) <= exact / 50, "p{share}: {known:?}, not {exact:?}");
    }
    assert_about(timing.max(), 100 * MS);
    assert_about(timing.total(), 5050 * MS);
    assert!(timing.quantile(1.0) <= timing.max());
}

#[test]
fn self_time_leaves_out_timed_callees() {
    let clock = testing::clock();
    #[timed]
    fn outer(clock: &Handle) {
        takes(clock, 1);
        inner(clock);
        inner(clock);
        takes(clock, 2);
    }
    #[timed]
    fn inner(clock: &Handle) {
        takes(clock, 10);
    }
    outer(&clock);
    assert_about(outer.timing().total(), 23 * MS);
    assert_about(outer.timing().self_time(), 3 * MS);
    assert_about(inner.timing().self_time(), 20 * MS);
}

#[test]
fn a_callee_that_panics_is_left_out_too() {
    let clock = testing::clock();
    #[timed]
    fn outer(clock: &Handle) {
        let _ = catch_unwind(AssertUnwindSafe(|| inner(clock)));
        takes(clock, 2);
    }
    #[timed]
    fn inner(clock: &Handle) {
        takes(clock, 10);
        panic!("as asked");
    }
    outer(&clock);
    assert_about(outer.timing().self_time(), 2 * MS);
}

#[test]
fn recursion_counts_every_call_and_its_time_once() {
    let clock = testing::clock();
    #[timed]
    fn down(clock: &Handle, levels: u32) {
        takes(clock, 1);
        if levels > 1 {
            down(clock, levels - 1);
        }
    }
    down(&clock, 100);
    assert_eq!(down.timing().calls(), 100);
    assert_about(down.timing().total(), 100 * MS);
    assert_about(down.timing().self_time(), 100 * MS);
}

#[test]
fn threads_that_ended_keep_their_counts() {
    #[timed]
    fn work() {}
    for _ in 0..3 {
        let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(|| (0..100).for_each(|_| work()))).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    assert_eq!(work.timing().calls(), 2400);
}

#[test]
fn only_the_first_call_of_a_thread_allocates() {
    #[timed]
    fn work(fail: bool) -> Result<(), ()> {
        if fail { Err(()) } else { Ok(()) }
    }
    #[timed]
    async fn later() {
        a_turn().await;
    }
    let calls = || {
        let _ = (work(false), work(true));
        let mut future = std::pin::pin!(later());
        while poll_once(future.as_mut()).is_pending() {}
    };
    calls();
    let allocated = allocation_counter::measure(|| (0..1000).for_each(|_| calls()));
    // A call that takes longer than all before may need another part of the histogram: a few in all.
    assert!(allocated.count_total < 20, "{allocated:?}");
}

#[test]
fn a_generic_function_has_one_row() {
    #[timed]
    fn show<T: ToString>(value: T) -> String {
        value.to_string()
    }
    assert_eq!(show(1) + &show("x") + &show('y'), "1xy");
    assert_eq!((show::<i32>.timing().calls(), show::<f64>.timing().calls()), (3, 3));
    let rows = timing::report().rows().iter().filter(|row| row.name.ends_with("::show")).count();
    assert_eq!(rows, 1);
}

mod shop {
    use festoon::timed;

    pub(crate) trait Price {
        fn price(&self) -> u32;
        #[timed]
        fn twice(&self) -> u32 {
            self.price() * 2
        }
    }
    pub(crate) struct Shelf<T>(pub(crate) Vec<T>);
    #[timed]
    impl<T: Clone> Shelf<T> {
        pub(crate) fn put(&mut self, item: T) -> &mut T {
            self.0.push(item);
            let last = self.0.len() - 1;
            &mut self.0[last]
        }
        pub(crate) async fn take(&mut self) -> Option<T> {
            self.0.pop()
        }
    }
    impl<T> Price for Shelf<T> {
        #[timed]
        fn price(&self) -> u32 {
            u32::try_from(self.0.len()).unwrap_or(u32::MAX)
        }
    }
}

#[test]
fn methods_have_handles_by_their_paths() {
    use shop::{Price, Shelf};
    let mut shelf = Shelf(vec![1_u8]);
    *shelf.put(2) = 9;
    assert_eq!((::futures::executor::block_on(shelf.take()), shelf.twice(), shelf.price()), (Some(9), 2, 1));
    assert_eq!(Shelf::<u8>::put.timing().calls(), 1);
    assert_eq!(Shelf::<u8>::take.timing().calls(), 1);
    assert_eq!(<Shelf<u8> as Price>::price.timing().calls(), 2);
    assert_eq!(<Shelf<u8> as Price>::twice.timing().calls(), 1);
    let names: Vec<String> = timing::report().rows().iter().map(|row| row.name.clone()).collect();
    assert!(names.contains(&"<main::timed::shop::Shelf as main::timed::shop::Price>::price".to_owned()), "{names:?}");
}

#[test]
fn a_site_that_is_off_counts_nothing_and_can_be_switched_before_its_first_call() {
    #[timed]
    fn work() {}
    work.timing().set_enabled(false);
    work();
    assert_eq!(work.timing().calls(), 0);
    timing::set_enabled("main::timed::a_site_that_is_off*::work", true);
    work();
    assert_eq!(work.timing().calls(), 1);
    assert!(festoon::sites().iter().any(|site| site.name.contains("a_site_that_is_off")));
}

#[test]
fn switching_off_inside_of_a_call_does_not_unbalance_it() {
    let clock = testing::clock();
    #[timed]
    fn outer(clock: &Handle) {
        outer.timing().set_enabled(false);
        takes(clock, 3);
    }
    #[timed]
    fn around(clock: &Handle) {
        outer(clock);
        takes(clock, 1);
    }
    around(&clock);
    assert_about(around.timing().self_time(), MS);
    assert_eq!(outer.timing().calls(), 1);
}

#[test]
fn a_parameter_may_be_named_as_one_likes() {
    struct Lock<'a>(&'a std::cell::Cell<u32>);
    impl Drop for Lock<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    #[timed]
    fn work(timer: Lock<'_>, value: u32, dropped: &std::cell::Cell<u32>) -> u32 {
        drop(timer);
        value + dropped.get()
    }
    let dropped = std::cell::Cell::new(0);
    assert_eq!(work(Lock(&dropped), 1, &dropped), 2);
}
