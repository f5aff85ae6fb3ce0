//! `#[context_manager]` on an `async fn`: both halves may await.

use festoon::{
    AsyncExit, AsyncExitStack, AsyncManager, ContextManager, Outcome, Verdict, Yields, context_manager, with, within,
    yield_,
};

use super::{Failure, Log, Slow, block_on, cancel_after, failure, is_send, panic_of, pause};

struct Dropped<'a>(&'a Log);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.add("dropped");
    }
}

#[context_manager]
async fn slow<'a>(log: &'a Log, name: &'a str) -> Yields<&mut String> {
    let mut buffer = name.to_owned();
    let _dropped = Dropped(log);
    pause().await;
    log.add(format!("+{name}"));
    let how = yield_!(&mut buffer);
    pause().await;
    log.add(format!("-{buffer}: {how}"));
}

async fn body(log: &Log) -> Result<u8, Failure> {
    let mut sum = 0;
    #[allow(clippy::explicit_counter_loop, reason = "it is assigned inside of the block")]
    for text in ["a", "b"] {
        with!(async buffer = slow(log, text) => {
            buffer.push('!');
            pause().await;
            if text == "b" {
                return Ok(sum);
            }
            sum += 1;
        });
    }
    Ok(0)
}

#[within(async slow(log, "f"))]
async fn function(log: &Log) -> Result<u8, Failure> {
    pause().await;
    Err(failure("body"))
}

#[test]
fn both_halves_await() {
    let log = Log::default();
    assert_eq!(block_on(is_send(body(&log))), Ok(1));
    assert_eq!(log.take(), ["+a", "-a!: success", "dropped", "+b", "-b!: success", "dropped"]);
    assert_eq!(block_on(is_send(function(&log))), Err(failure("body")));
    assert_eq!(log.take(), ["+f", "-f: error", "dropped"]);
    let scope = slow(&log, "s").scope_async(async |buffer| {
        pause().await;
        Ok::<_, Failure>(buffer.len())
    });
    assert_eq!(block_on(scope), Ok(1));
    assert_eq!(log.take(), ["+s", "-s: success", "dropped"]);
    let stacked = AsyncExitStack::scope(async |stack| {
        let Ok(first) = stack.enter_async(slow(&log, "a")).await;
        let Ok(second) = stack.enter_async(slow(&log, "b")).await;
        first.push_str(second);
        Err::<(), _>(failure("body"))
    });
    assert_eq!(block_on(stacked), Err(failure("body")));
    assert_eq!(log.take(), ["+a", "+b", "-b: error", "dropped", "-ab: error", "dropped"]);
    let panic = slow(&log, "p").scope_async(async |_| -> Result<(), Failure> { panic!("body") });
    assert_eq!(panic_of(|| block_on(panic)).as_deref(), Some("body"));
    assert_eq!(log.take(), ["+p", "-p: panic", "dropped"]);
}

/// Cases F and G: a cancellation at each place.
#[test]
fn dropped_while_it_waits_its_variables_are_dropped_and_nothing_more() {
    let log = Log::default();
    let told = |polls| {
        cancel_after(polls, body(&log));
        log.take().join(" ")
    };
    let expected = ["", "dropped", "+a dropped", "+a dropped", "+a -a!: success dropped dropped"];
    assert_eq!([0, 1, 2, 3, 4].map(told), expected);
    let active = block_on(AsyncManager::enter(slow(&log, "a")));
    AsyncExit::<Failure>::cancelled(active.unwrap_or_else(|never| match never {}));
    assert_eq!(log.take(), ["+a", "dropped"]);
}

#[context_manager(error = Failure)]
async fn judge(log: &Log, refuses: bool) -> Result<Yields<u8>, Failure> {
    pause().await;
    if refuses {
        return Err(failure("entry"));
    }
    let how = yield_!(7);
    pause().await;
    log.add(how.name());
    match how {
        Outcome::Error(error) if error.0 == "expected" => Ok(Verdict::Swallow),
        Outcome::Error(error) => {
            error.0 = "seen";
            Err(failure("exit"))
        }
        _ => Ok(Verdict::Pass),
    }
}

async fn judged(log: &Log, refuses: bool, error: Option<&'static str>) -> Result<u8, Failure> {
    let value = with!(async value = judge(log, refuses) => {
        pause().await;
        if let Some(error) = error {
            return Err(failure(error));
        }
        **value
    } else { 0 });
    Ok(value)
}

#[test]
fn it_sees_the_error_and_decides_about_it() {
    let log = Log::default();
    let run = |refuses, error| block_on(is_send(judged(&log, refuses, error)));
    assert_eq!(run(false, None), Ok(7));
    assert_eq!(run(true, None), Err(failure("entry")));
    assert_eq!(run(false, Some("expected")), Ok(0));
    assert_eq!(run(false, Some("body")), Err(failure("seen")));
    assert_eq!(log.take(), ["success", "error", "error"]);
}

#[derive(ContextManager)]
#[context(error = Failure)]
struct Pair<'a, G> {
    #[managed(async)]
    first: G,
    #[managed(async)]
    second: Slow<'a>,
}

#[test]
fn a_field_that_is_managed() {
    let log = Log::default();
    let pair = Pair { first: judge(&log, false), second: Slow(log.step("b")) };
    let run = async {
        let active = pair.enter().await?;
        assert_eq!(*active.first, 7);
        active.exit(Outcome::Success).await
    };
    assert_eq!(block_on(is_send(run)), Ok(Verdict::Pass));
    assert_eq!(log.take(), ["+b", "-", "-b: success", "success"]);
}
