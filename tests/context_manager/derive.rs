//! `#[derive(ContextManager)]`: fields in order, and in reverse.

use festoon::{AsyncExit, AsyncManager, ContextManager, Manager, Outcome};

use super::{Active, Does, Failure, Log, Slow, Step, block_on, cancel_after, failure, is_send, panic_of, pause};

#[derive(ContextManager)]
#[context(error = Failure)]
struct Job<'a> {
    #[managed]
    first: Step<'a>,
    #[managed(skip_if = !with_log)]
    log: Step<'a>,
    with_log: bool,
    #[managed(entered)]
    last: Active<'a>,
}

impl Log {
    fn job(&self, does: Does, with_log: bool) -> Job<'_> {
        let step = |name, does| Step { log: self, name, does };
        let last = Active(step("last", Does::Nothing));
        Job { first: step("first", Does::Nothing), log: step("log", does), with_log, last }
    }
}

#[test]
fn fields_are_entered_in_order_and_exited_in_reverse() {
    let log = Log::default();
    let ended = log.job(Does::Nothing, true).scope_opt(|job| {
        assert_eq!((job.first.0.name, job.log.as_ref().map(|log| log.0.name)), ("first", Some("log")));
        job.with_log = false;
        Ok(job.last.0.name)
    });
    assert_eq!(ended, Ok(Some("last")));
    assert_eq!(log.take(), ["+first", "+log", "-last: success", "-log: success", "-first: success"]);
    assert_eq!(log.job(Does::Nothing, false).scope_opt(|job| Ok(job.log.is_none())), Ok(Some(true)));
    assert_eq!(log.take(), ["+first", "-last: success", "-first: success"]);
}

#[derive(ContextManager)]
#[context(error = Failure, active = OpenPair)]
struct Pair<A, B>(
    /// The outer one.
    #[managed]
    A,
    #[managed] B,
    u8,
);

fn pair(log: &Log, first: Does, second: Does) -> Pair<Step<'_>, Step<'_>> {
    let step = |name, does| Step { log, name, does };
    Pair(step("a", first), step("b", second), 3)
}

#[test]
fn a_field_that_cannot_be_entered_rolls_the_others_back_and_says_why() {
    let log = Log::default();
    let refused = |first, second| pair(&log, first, second).enter().map(|_| ()).unwrap_err();
    assert_eq!(refused(Does::Nothing, Does::RefuseEntry), failure("entry"));
    assert_eq!(log.take(), ["+a", "-a: error"]);
    assert_eq!(refused(Does::FailOnExit, Does::RefuseEntry).2, [failure("exit")]);
    assert_eq!(refused(Does::Replace, Does::RefuseEntry), failure("other"));
    assert_eq!(refused(Does::Swallow, Does::RefuseEntry), failure("entry"));
    log.take();
    assert_eq!(panic_of(|| pair(&log, Does::Nothing, Does::PanicOnEntry).enter().is_ok()).as_deref(), Some("entry"));
    assert_eq!(log.take(), ["+a", "-a: panic"]);
}

#[test]
fn each_exit_is_told_what_the_ones_before_it_made_of_the_error() {
    let log = Log::default();
    let ended = |first, second| {
        let ended = pair(&log, first, second).scope_opt(|OpenPair(_, _, plain)| {
            assert_eq!(*plain, 3);
            Err::<(), _>(failure("body"))
        });
        (ended, log.take()[2..].join(" "))
    };
    assert_eq!(ended(Does::Nothing, Does::Swallow), (Ok(None), "-b: error -a: success".to_owned()));
    assert_eq!(ended(Does::Replace, Does::Swallow), (Err(failure("other")), "-b: error -a: success".to_owned()));
    assert_eq!(ended(Does::Swallow, Does::Replace), (Ok(None), "-b: error -a: error".to_owned()));
    assert_eq!(ended(Does::Nothing, Does::FailOnExit).0.unwrap_err().2, [failure("exit")]);
    assert_eq!(pair(&log, Does::Nothing, Does::FailOnExit).scope_opt(|_| Ok(())), Err(failure("exit")));
    assert_eq!(log.take()[2..], ["-b: success", "-a: error"]);
}

#[test]
fn a_panicking_exit_does_not_stop_the_others() {
    let log = Log::default();
    let exit = panic_of(|| pair(&log, Does::PanicOnExit, Does::PanicOnExit).scope_opt(|_| Ok::<_, Failure>(())));
    assert_eq!(exit.as_deref(), Some("exit"));
    assert_eq!(log.take(), ["+a", "+b", "-b: success", "-a: panic"]);
    let body =
        || pair(&log, Does::PanicOnExit, Does::PanicOnExit).scope_opt(|_| -> Result<(), Failure> { panic!("body") });
    assert_eq!(panic_of(body).as_deref(), Some("body"));
    assert_eq!(log.take(), ["+a", "+b", "-b: panic", "-a: panic"]);
}

#[derive(ContextManager)]
#[context(error = Failure)]
struct Mixed<'a, const N: usize> {
    #[managed]
    sync: Step<'a>,
    #[managed(async)]
    slow: Slow<'a>,
    #[managed(async, skip_if = N == 0)]
    other: Slow<'a>,
}

fn mixed<const N: usize>(log: &Log, other: Does) -> Mixed<'_, N> {
    let step = |name, does| Step { log, name, does };
    Mixed { sync: log.step("a"), slow: Slow(log.step("b")), other: Slow(step("c", other)) }
}

#[test]
fn an_async_field_makes_it_async() {
    let log = Log::default();
    async fn run<const N: usize>(log: &Log, other: Does) -> Result<(), Failure> {
        let mut active = mixed::<N>(log, other).enter().await?;
        pause().await;
        active.sync.0.name = "A";
        active.exit(Outcome::Success).await.map(|_| ())
    }
    assert_eq!(block_on(is_send(run::<1>(&log, Does::Nothing))), Ok(()));
    assert_eq!(log.take(), ["+a", "+b", "+c", "-", "-c: success", "-", "-b: success", "-A: success"]);
    assert_eq!(block_on(run::<0>(&log, Does::Nothing)), Ok(()));
    assert_eq!(log.take(), ["+a", "+b", "-", "-b: success", "-A: success"]);
    assert_eq!(block_on(run::<1>(&log, Does::RefuseEntry)), Err(failure("entry")));
    assert_eq!(log.take(), ["+a", "+b", "-", "-b: error", "-a: error"]);
    let told = |polls| {
        cancel_after(polls, run::<1>(&log, Does::Nothing));
        log.take().join(" ")
    };
    assert_eq!(told(1), "+a -a: cancelled", "within the entry of b");
    assert_eq!(told(2), "+a +b -b: cancelled -a: cancelled", "within that of c");
    drop(block_on(mixed::<1>(&log, Does::Nothing).enter()).map(AsyncExit::cancelled));
    assert_eq!(log.take(), ["+a", "+b", "+c", "-c: cancelled", "-b: cancelled", "-a: cancelled"]);
    let active = block_on(mixed::<1>(&log, Does::PanicOnExit).enter()).unwrap_or_else(|_| unreachable!());
    assert_eq!(panic_of(|| active.cancelled()).as_deref(), Some("cancelled"));
    assert_eq!(log.take()[3..], ["-c: cancelled", "-b: cancelled", "-a: panic"], "a panic does not stop the others");
}

/// Each variant has its own fields.
#[derive(ContextManager)]
#[context(error = Failure)]
enum Source<'a, T: Copy> {
    /// Two fields, of which one may be skipped.
    Local {
        #[managed]
        file: T,
        is_logged: bool,
        #[managed(skip_if = !is_logged)]
        log: Step<'a>,
    },
    Pair(#[managed(entered)] Active<'a>, u8, #[managed] Step<'a>),
    Plain(u8),
    Nothing,
}

impl Log {
    fn local(&self, is_logged: bool, does: Does) -> Source<'_, Step<'_>> {
        Source::Local { file: self.step("file"), is_logged, log: Step { log: self, name: "log", does } }
    }

    fn both(&self, does: Does) -> Source<'_, Step<'_>> {
        Source::Pair(Active(self.step("first")), 3, Step { log: self, name: "second", does })
    }
}

#[test]
fn a_variant_is_entered_in_order_and_exited_in_reverse() {
    let log = Log::default();
    let is_logged = |is_logged| {
        log.local(is_logged, Does::Nothing).scope_opt(|source| match source {
            SourceActive::Local { file, log, is_logged } => {
                assert_eq!(file.0.name, "file");
                Ok((*is_logged, log.is_some()))
            }
            _ => Err(failure("variant")),
        })
    };
    assert_eq!(is_logged(true), Ok(Some((true, true))));
    assert_eq!(log.take(), ["+file", "+log", "-log: success", "-file: success"]);
    assert_eq!(is_logged(false), Ok(Some((false, false))));
    assert_eq!(log.take(), ["+file", "-file: success"]);
    let plain = log.both(Does::Nothing).scope_opt(|source| match source {
        SourceActive::Pair(_, plain, _) => Err::<(), _>(failure(if *plain == 3 { "three" } else { "other" })),
        _ => Ok(()),
    });
    assert_eq!(plain, Err(failure("three")));
    assert_eq!(log.take(), ["+second", "-second: error", "-first: error"]);
}

#[test]
fn a_variant_without_managed_fields_does_nothing() {
    let log = Log::default();
    let entered = |source: Source<'_, Step<'_>>| {
        source.scope_opt(|source| match source {
            SourceActive::Plain(number) => Ok(*number),
            SourceActive::Nothing => Err(failure("nothing")),
            _ => Err(failure("variant")),
        })
    };
    assert_eq!(entered(Source::Plain(7)), Ok(Some(7)));
    assert_eq!(entered(Source::Nothing), Err(failure("nothing")));
    assert!(log.take().is_empty());
}

#[test]
fn a_variant_that_cannot_be_entered_rolls_its_own_fields_back() {
    let log = Log::default();
    let refused = |source: Source<'_, Step<'_>>| (source.enter().map(|_| ()).unwrap_err(), log.take().join(" "));
    assert_eq!(refused(log.local(true, Does::RefuseEntry)), (failure("entry"), "+file -file: error".to_owned()));
    assert_eq!(refused(log.both(Does::RefuseEntry)), (failure("entry"), "-first: error".to_owned()));
    let swallowed = log.local(true, Does::Swallow).scope_opt(|_| Err::<(), _>(failure("body")));
    assert_eq!(swallowed, Ok(None), "any field of any variant may swallow");
}

#[derive(ContextManager)]
#[context(error = Failure)]
enum Remote<'a> {
    Waits {
        #[managed]
        sync: Step<'a>,
        #[managed(async)]
        slow: Slow<'a>,
        #[managed(async, skip_if = quick)]
        other: Slow<'a>,
        quick: bool,
    },
    Sync(#[managed] Step<'a>),
    Nothing,
}

#[test]
fn one_async_field_makes_every_variant_async() {
    let log = Log::default();
    async fn run(remote: Remote<'_>) -> Result<(), Failure> {
        let active = remote.enter().await?;
        pause().await;
        active.exit(Outcome::Success).await.map(|_| ())
    }
    let waits = |quick, does| {
        let other = Slow(Step { log: &log, name: "c", does });
        Remote::Waits { sync: log.step("a"), slow: Slow(log.step("b")), other, quick }
    };
    assert_eq!(block_on(is_send(run(waits(false, Does::Nothing)))), Ok(()));
    assert_eq!(log.take(), ["+a", "+b", "+c", "-", "-c: success", "-", "-b: success", "-a: success"]);
    assert_eq!(block_on(run(waits(true, Does::Nothing))), Ok(()));
    assert_eq!(log.take(), ["+a", "+b", "-", "-b: success", "-a: success"]);
    assert_eq!(block_on(run(waits(false, Does::RefuseEntry))), Err(failure("entry")));
    assert_eq!(log.take(), ["+a", "+b", "-", "-b: error", "-a: error"]);
    cancel_after(2, run(waits(false, Does::Nothing)));
    assert_eq!(log.take(), ["+a", "+b", "-b: cancelled", "-a: cancelled"], "within the entry of c");
    drop(block_on(waits(false, Does::Nothing).enter()).map(AsyncExit::cancelled));
    assert_eq!(log.take(), ["+a", "+b", "+c", "-c: cancelled", "-b: cancelled", "-a: cancelled"]);
    assert_eq!(block_on(run(Remote::Sync(log.step("a")))), Ok(()));
    assert_eq!(block_on(run(Remote::Nothing)), Ok(()));
    assert_eq!(log.take(), ["+a", "-a: success"]);
}
