//! `#[timed]`: what is counted, what is told apart, what it leaves alone.

use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use festoon::testing::{self, Handle};
use festoon::{Decorated, OutcomeKind, timed, timing};

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

fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
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
fn a_call_from_a_destructor_during_a_panic_is_a_success() {
    #[timed]
    fn clean_up() {}
    struct Guard;
    impl Drop for Guard {
        fn drop(&mut self) {
            clean_up();
        }
    }
    let _ = catch_unwind(|| {
        let _guard = Guard;
        panic!("as asked");
    });
    assert_eq!((clean_up.timing().outcomes().success(), clean_up.timing().outcomes().panic()), (1, 0));
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
fn async_calls_have_wall_time_busy_time_and_polls() {
    let clock = testing::clock();
    #[timed]
    async fn work(clock: &Handle) -> u32 {
        takes(clock, 1);
        a_turn().await;
        takes(clock, 5);
        7
    }
    let mut future = pin!(work(&clock));
    assert!(poll_once(future.as_mut()).is_pending());
    clock.advance(100 * MS);
    assert_eq!(poll_once(future.as_mut()), Poll::Ready(7));
    let timing = work.timing();
    assert_eq!((timing.calls(), timing.polls()), (1, 2));
    assert_about(timing.total(), 106 * MS);
    assert_about(timing.busy(), 6 * MS);
    assert_about(timing.longest_poll(), 5 * MS);
    assert_about(timing.self_time(), 6 * MS);
}

#[test]
fn a_dropped_future_is_cancelled_unless_it_was_never_polled() {
    #[timed]
    async fn wait() -> Result<(), ()> {
        pending().await
    }
    drop(wait());
    assert_eq!(wait.timing().calls(), 0);
    {
        let mut future = pin!(wait());
        assert!(poll_once(future.as_mut()).is_pending());
    }
    let outcomes = wait.timing().outcomes();
    assert_eq!((outcomes.cancelled(), outcomes.total()), (1, 1));
}

#[test]
fn an_async_panic_is_a_panic_and_not_a_cancellation() {
    #[timed]
    async fn work() {
        a_turn().await;
        panic!("as asked");
    }
    let result = catch_unwind(|| {
        let mut future = pin!(work());
        let _ = poll_once(future.as_mut());
        let _ = poll_once(future.as_mut());
    });
    assert!(result.is_err());
    let outcomes = work.timing().outcomes();
    assert_eq!((outcomes.panic(), outcomes.cancelled(), outcomes.total()), (1, 0, 1));
}

#[test]
fn async_errors_early_returns_and_question_marks_are_seen() {
    #[timed]
    async fn work(text: &str) -> Result<Option<&[u8]>, std::num::ParseIntError> {
        if text.is_empty() {
            return Ok(None);
        }
        let _: u32 = text.parse()?;
        a_turn().await;
        Ok(Some(text.as_bytes()))
    }
    futures::executor::block_on(async {
        let _ = (work("").await, work("1").await, work("x").await);
    });
    let outcomes = work.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.error()), (2, 1));
}

#[test]
fn async_recursion_counts_its_time_once() {
    let clock = testing::clock();
    #[timed]
    async fn down(clock: &Handle, levels: u32) {
        takes(clock, 1);
        if levels > 1 {
            Box::pin(down(clock, levels - 1)).await;
        }
    }
    futures::executor::block_on(down(&clock, 10));
    assert_eq!(down.timing().calls(), 10);
    assert_about(down.timing().total(), 10 * MS);
    assert_about(down.timing().self_time(), 10 * MS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_move_between_threads_are_counted_whole() {
    #[timed]
    async fn work() {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(work())).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let timing = work.timing();
    assert_eq!((timing.calls(), timing.polls()), (50, 50 * 21));
    assert!(timing.self_time() <= timing.busy() && timing.busy() <= timing.total());
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
    assert_eq!((futures::executor::block_on(shelf.take()), shelf.twice(), shelf.price()), (Some(9), 2, 1));
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
fn the_name_of_the_report_can_be_chosen() {
    #[timed(name = "shop.checkout")]
    fn work() {}
    work();
    let report = timing::report();
    assert_eq!(report.row("shop.checkout").map(|row| row.outcomes.total()), Some(1));
    assert_eq!(work.timing().calls(), 1);
    assert!(report.to_string().contains("shop.checkout"));
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

#[test]
fn reports_come_as_json_prometheus_and_html() {
    #[timed(name = "forms")]
    fn work(fail: bool) -> Result<(), ()> {
        if fail { Err(()) } else { Ok(()) }
    }
    let _ = (work(false), work(true));
    let report = timing::report();
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    let functions = json["functions"].as_array().unwrap();
    let row = functions.iter().find(|row| row["name"] == "forms").unwrap();
    assert_eq!((&row["calls"], &row["outcomes"]["error"]["count"]), (&2.into(), &1.into()));
    assert!(report.to_prometheus().contains("festoon_calls_total{function=\"forms\",outcome=\"error\"} 1"));
    assert!(report.to_html().contains("<td>forms</td>"));
}

/// What `tracing` was told on this thread.
mod events {
    use std::fmt::{Debug, Write};
    use std::sync::{Arc, Mutex};

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    #[derive(Clone, Default)]
    pub(super) struct Events(Arc<Mutex<Vec<String>>>);

    struct Line(String);

    impl Visit for Line {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            let _ = write!(self.0, " {}={value:?}", field.name());
        }
    }

    impl Subscriber for Events {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, event: &Event<'_>) {
            let mut line = Line(format!("{} {}", event.metadata().level(), event.metadata().target()));
            event.record(&mut line);
            self.0.lock().unwrap().push(line.0);
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    pub(super) fn of(body: impl FnOnce()) -> Vec<String> {
        let events = Events::default();
        tracing::subscriber::with_default(events.clone(), body);
        events.0.lock().unwrap().clone()
    }
}

#[test]
fn slow_calls_are_told_about_with_their_arguments() {
    let clock = testing::clock();
    #[timed(name = "shop.price", warn_over = 20ms, args(id, lang.len(), tags))]
    fn price(id: u32, lang: &str, tags: Vec<&'static str>, clock: &Handle, millis: u32) -> Result<usize, String> {
        takes(clock, millis);
        drop(tags);
        if millis > 90 { Err(lang.to_owned()) } else { Ok(lang.len() + id as usize) }
    }
    let events = events::of(|| {
        let _ = price(1, "en", vec![], &clock, 19);
        let _ = price(2, "fr", vec!["x"], &clock, 30);
        clock.advance(Duration::from_secs(2));
        let _ = price(3, "de", vec!["y"], &clock, 100);
    });
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].starts_with("WARN festoon") && events[0].contains("function=\"shop.price\""), "{events:?}");
    assert!(events[0].contains("arguments=id = 2, lang.len() = 2, tags = [\"x\"]"), "{events:?}");
    assert!(events[0].contains("outcome=\"success\"") && events[1].contains("outcome=\"error\""), "{events:?}");
    assert_eq!(price.timing().calls(), 3);
}

#[test]
fn arguments_are_formatted_only_when_the_call_was_slow() {
    struct Loud;
    impl std::fmt::Debug for Loud {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("formatted")
        }
    }
    #[timed(warn_over = 1h, args(loud))]
    fn work(loud: &Loud) {
        let _ = loud;
    }
    work(&Loud);
    assert_eq!(work.timing().outcomes().success(), 1);
}

#[test]
fn warnings_are_rate_limited_and_say_what_was_suppressed() {
    let clock = testing::clock();
    #[timed(warn_over = 1ms, warn_every = 1m, target = "shop::slow", level = info)]
    async fn work(clock: &Handle) {
        takes(clock, 5);
        a_turn().await;
    }
    let events = events::of(|| {
        for _ in 0..4 {
            futures::executor::block_on(work(&clock));
        }
        clock.advance(Duration::from_secs(61));
        futures::executor::block_on(work(&clock));
    });
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].starts_with("INFO shop::slow") && events[0].contains("suppressed=0"), "{events:?}");
    assert!(events[1].contains("suppressed=3"), "{events:?}");
}

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
        futures::executor::block_on(work(0));
        let _ = catch_unwind(|| futures::executor::block_on(work(1)));
        let mut future = Box::pin(work(0));
        let _ = poll_once(future.as_mut());
    }
    let outcomes = work.timing().outcomes();
    assert_eq!((outcomes.success(), outcomes.panic(), outcomes.cancelled()), (10, 10, 10));
}
