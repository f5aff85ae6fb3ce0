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
}
