//! `testing::recorder()`: separate counts for a test.

use std::future::pending;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::Barrier;

use festoon::{cached, retry};

use super::*;

#[test]
fn tests_that_run_side_by_side_do_not_see_each_other() {
    #[timed]
    fn work() {}
    let start = Barrier::new(4);
    std::thread::scope(|threads| {
        for calls in 1..=4 {
            let start = &start;
            threads.spawn(move || {
                let recorder = testing::recorder();
                start.wait();
                (0..calls).for_each(|_| work());
                start.wait();
                assert_eq!((work.timing().calls(), recorder.timing(&work).calls()), (calls, calls));
            });
        }
    });
    assert_eq!(work.timing().calls(), 0);
}

#[test]
fn everything_that_reads_counts_reads_the_scope() {
    let clock = testing::clock();
    #[timed]
    fn work(clock: &Handle, millis: u32) -> Result<(), u32> {
        takes(clock, millis);
        if millis > 100 { Err(millis) } else { Ok(()) }
    }
    let _ = work(&clock, 90);
    let outside = work.timing();
    let recorder = testing::recorder();
    assert_eq!(work.timing().calls(), 0);
    let _ = (work(&clock, 2), work(&clock, 4), work(&clock, 200));
    let outcomes = recorder.timing(&work).outcomes();
    assert_eq!((outcomes.success(), outcomes.error()), (2, 1));
    assert_about(work.timing().mean(), 3 * MS);
    testing::assert_under!(work, max < 5ms);
    let names: Vec<String> = timing::report().rows().iter().map(|row| row.name.clone()).collect();
    assert_eq!(names, [work.timing().name()]);
    assert_eq!(recorder.report().rows()[0].outcomes.total(), 3);
    assert_eq!(outside.calls(), 1);
    assert_ne!(outside, work.timing());
    drop(recorder);
    assert_eq!(outside, work.timing());
}

#[test]
fn own_time_recursion_and_panics_are_as_outside() {
    let clock = testing::clock();
    #[timed]
    fn outer(clock: &Handle, levels: u32) {
        takes(clock, 1);
        inner(clock);
        if levels > 1 {
            outer(clock, levels - 1);
        }
    }
    #[timed]
    fn inner(clock: &Handle) {
        takes(clock, 10);
    }
    #[timed]
    fn fails() {
        panic!("as asked");
    }
    let _recorder = testing::recorder();
    outer(&clock, 3);
    assert_about(outer.timing().total(), 33 * MS);
    assert_about(outer.timing().self_time(), 3 * MS);
    assert!(catch_unwind(fails).is_err());
    assert_eq!(fails.timing().outcomes().panic(), 1);
}

#[test]
fn a_call_that_began_outside_does_not_unbalance_the_scope() {
    let clock = testing::clock();
    #[timed]
    fn test_body(clock: &Handle) {
        let _recorder = testing::recorder();
        work(clock);
        assert_eq!(work.timing().calls(), 1);
    }
    #[timed]
    fn work(clock: &Handle) {
        takes(clock, 5);
    }
    test_body(&clock);
    assert_eq!((work.timing().calls(), test_body.timing().calls()), (0, 1));
    assert_about(test_body.timing().self_time(), Duration::ZERO);
    let recorder = testing::recorder();
    test_body(&clock);
    assert_eq!((recorder.timing(&work).calls(), recorder.timing(&test_body).calls()), (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_belong_to_the_recorder_that_they_are_given() {
    #[timed]
    async fn work() {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }
    let handle = testing::recorder().handle();
    let inside: Vec<_> = (0..20).map(|_| tokio::spawn(handle.scope(work()))).collect();
    let outside: Vec<_> = (0..5).map(|_| tokio::spawn(work())).collect();
    for task in inside.into_iter().chain(outside) {
        task.await.unwrap();
    }
    let timing = handle.timing(&work);
    assert_eq!((timing.calls(), timing.polls()), (20, 20 * 11));
    assert!(timing.self_time() <= timing.busy() && timing.busy() <= timing.total());
    assert_eq!((work.timing().calls(), work.timing().polls()), (5, 5 * 11));
}

#[test]
fn a_task_that_is_dropped_is_cancelled_in_its_scope_and_on_its_clock() {
    let clock = testing::clock().handle();
    let recorder = testing::recorder().handle();
    #[timed]
    async fn wait() {
        pending::<()>().await;
    }
    {
        let mut task = pin!(clock.scope(recorder.scope(wait())));
        assert!(poll_once(task.as_mut()).is_pending());
        clock.advance(7 * MS);
    }
    assert_eq!((recorder.timing(&wait).outcomes().cancelled(), wait.timing().calls()), (1, 0));
    assert_about(recorder.timing(&wait).total(), 7 * MS);
}

#[tokio::test]
async fn offloaded_work_takes_the_recorder_along() {
    #[festoon::offload]
    fn elsewhere() -> bool {
        work();
        true
    }
    #[timed]
    fn work() {}
    let recorder = testing::recorder();
    assert!(elsewhere().await);
    assert_eq!(recorder.timing(&work).calls(), 1);
}

#[test]
fn the_innermost_counts_and_samples_are_whole() {
    #[timed(sample = 1 / 1_000)]
    fn work() {}
    let outer = testing::recorder();
    work();
    let inner = testing::recorder();
    (0..50).for_each(|_| work());
    assert_eq!((inner.timing(&work).calls(), outer.timing(&work).calls()), (50, 1));
    drop(inner);
    work();
    assert_eq!(outer.timing(&work).calls(), 2);
}

#[test]
fn retries_are_counted_in_the_scope_and_nowhere_else() {
    #[timed(name = "scoped::flaky")]
    #[retry(attempts = 3, wait = fixed(10ms), jitter = none)]
    fn flaky(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }
    #[retry(attempts = 2, wait = fixed(0s))]
    fn quick(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }
    let (outside, outside_quick) = {
        let _clock = testing::clock();
        let _ = (flaky("1"), flaky("x"), quick("1"), quick("x"));
        (flaky.retries(), quick.retries())
    };
    assert_eq!((outside.calls, outside.retried, outside_quick.retried), (2, 2, 1));
    {
        let test = testing::isolated();
        assert_eq!(flaky.retries(), festoon::Retries::default());
        let _ = (flaky("1"), quick("1"), quick("x"));
        let handle = test.handle();
        std::thread::spawn(move || handle.run(|| drop(flaky("x")))).join().unwrap();
        let (retries, quick_retries) = (flaky.retries(), quick.retries());
        assert_eq!((retries.calls, retries.retried, retries.slept), (2, 2, 20 * MS));
        assert_eq!((quick_retries.calls, quick_retries.retried, quick_retries.gave_up), (2, 1, 1));
        let names: Vec<String> = retry::all().into_iter().map(|row| row.name).collect();
        assert!(names.len() == 2 && names.iter().all(|name| name.contains("retries_are_counted")), "{names:?}");
        let report = timing::report();
        let retry = report.row("scoped::flaky").unwrap().retry.unwrap();
        assert_eq!((retry.attempts, retry.waited), (4, 20 * MS));
    }
    assert_eq!((flaky.retries(), quick.retries()), (outside, outside_quick));
    let _ = quick("1");
    assert_eq!(quick.retries().calls, 3, "the next one counts outside again");
}

#[test]
fn the_report_of_an_isolated_test_has_its_caches() {
    #[timed(name = "scoped::cached")]
    #[cached]
    fn double(n: u32) -> u32 {
        2 * n
    }
    double(1);
    let test = testing::isolated();
    let _ = (double(1), double(1), double(1));
    let cache = timing::report().row("scoped::cached").unwrap().cache.unwrap();
    assert_eq!((cache.hits, cache.misses), (2, 1));
    drop(test);
    let recorder = testing::recorder();
    double(1);
    assert!(recorder.report().row("scoped::cached").unwrap().cache.is_none(), "others use this cache too");
}
