//! Each way out of a scope for each way to write one: one exit in every cell, which receives the outcome in the table.

use festoon::{
    AsyncExitStack, AsyncManager, ContextManager, ExitStack, Guard, OutcomeKind, Yields, context_manager, with, within,
    yield_,
};

use super::{Failure, Log, Slow, block_on, cancel_after, failure, panic_of, pause};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    End,
    Question,
    Return,
    Break,
    Continue,
    Panic,
    PanicInExit,
    PanicInBoth,
}

use Way::*;

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Row<'a>(&'a Log, Way);

impl Row<'_> {
    fn end(&mut self, how: OutcomeKind) {
        self.0.add(how.name());
        if matches!(self.1, PanicInExit | PanicInBoth) {
            panic!("exit");
        }
    }
}

fn row(log: &Log, way: Way) -> Row<'_> {
    log.add("enter");
    Row(log, way)
}

fn question(way: Way) -> Result<(), Failure> {
    if way == Question { Err(failure("body")) } else { Ok(()) }
}

fn panicking(way: Way) {
    if matches!(way, Panic | PanicInBoth) {
        panic!("body");
    }
}

/// How it ended: what it returned, and whether it came to its end.
type Ended = Result<(u8, bool), Failure>;

fn guard(log: &Log, way: Way) -> Ended {
    let mut is_after = false;
    'outer: for _ in 0..1 {
        for _ in 0..1 {
            {
                let _row = row(log, way);
                question(way)?;
                panicking(way);
                match way {
                    Return => return Ok((1, false)),
                    Break => break 'outer,
                    Continue => continue,
                    _ => {}
                }
            }
            is_after = true;
        }
    }
    Ok((2, is_after))
}

fn with_block(log: &Log, way: Way) -> Ended {
    let mut is_after = false;
    'outer: for _ in 0..1 {
        for _ in 0..1 {
            with!(row(log, way) => {
                question(way)?;
                panicking(way);
                match way {
                    Return => return Ok((1, false)),
                    Break => break 'outer,
                    Continue => continue,
                    _ => {}
                }
            });
            is_after = true;
        }
    }
    Ok((2, is_after))
}

#[derive(ContextManager)]
#[context(error = Failure)]
struct Job<'a> {
    #[managed(entered)]
    row: Row<'a>,
}

fn derived(log: &Log, way: Way) -> Ended {
    let mut is_after = false;
    'outer: for _ in 0..1 {
        for _ in 0..1 {
            with!(job = Job { row: row(log, way) } => {
                assert_eq!(job.row.1, way);
                question(way)?;
                panicking(way);
                match way {
                    Return => return Ok((1, false)),
                    Break => break 'outer,
                    Continue => continue,
                    _ => {}
                }
            });
            is_after = true;
        }
    }
    Ok((2, is_after))
}

#[context_manager]
fn generated(log: &Log, way: Way) -> Yields<Way> {
    log.add("enter");
    log.add(yield_!(way).name());
    assert!(!matches!(way, PanicInExit | PanicInBoth), "exit");
}

fn generator(log: &Log, way: Way) -> Ended {
    let mut is_after = false;
    'outer: for _ in 0..1 {
        for _ in 0..1 {
            with!(same = generated(log, way) => {
                assert_eq!(**same, way);
                question(way)?;
                panicking(way);
                match way {
                    Return => return Ok((1, false)),
                    Break => break 'outer,
                    Continue => continue,
                    _ => {}
                }
            });
            is_after = true;
        }
    }
    Ok((2, is_after))
}

#[within(row(log, way))]
fn function(log: &Log, way: Way) -> Ended {
    'outer: for _ in 0..1 {
        for _ in 0..1 {
            question(way)?;
            panicking(way);
            match way {
                Return => return Ok((1, false)),
                Break => break 'outer,
                Continue => continue,
                _ => return Ok((2, true)),
            }
        }
    }
    Ok((2, false))
}

fn closure(log: &Log, way: Way) -> Ended {
    row(log, way).scope(|_| {
        question(way)?;
        panicking(way);
        if way == Return {
            return Ok((1, false));
        }
        Ok((2, true))
    })
}

fn stack(log: &Log, way: Way) -> Ended {
    let ended = ExitStack::scope(|stack| {
        stack.push(row(log, way));
        question(way)?;
        panicking(way);
        if way == Return {
            return Ok((1, false));
        }
        Ok((2, true))
    });
    ended.map(|value| value.expect("nothing swallows"))
}

type Kind = fn(&Log, Way) -> Ended;

const KINDS: [(&str, Kind); 7] = [
    ("derive(Guard)", guard),
    ("#[context_manager]", generator),
    ("scope", closure),
    ("derive(ContextManager)", derived),
    ("with!", with_block),
    ("#[within]", function),
    ("ExitStack", stack),
];

/// What the exit is told, a column for each kind. A closure has no loop around it.
const TABLE: [(Way, [&str; 7]); 8] = [
    (End, ["dropped", "success", "success", "success", "success", "success", "success"]),
    (Question, ["dropped", "error", "error", "error", "error", "error", "error"]),
    (Return, ["dropped", "success", "success", "success", "success", "success", "success"]),
    (Break, ["dropped", "success", "", "success", "success", "success", ""]),
    (Continue, ["dropped", "success", "", "success", "success", "success", ""]),
    (Panic, ["panic"; 7]),
    (PanicInExit, ["dropped", "success", "success", "success", "success", "success", "success"]),
    (PanicInBoth, ["panic"; 7]),
];

/// Case G: every way out of a block.
#[test]
fn every_way_out_is_told_once() {
    for (way, row) in TABLE {
        for ((name, kind), how) in KINDS.iter().zip(row).filter(|(_, how)| !how.is_empty()) {
            let log = Log::default();
            let mut ended = None;
            let panic = panic_of(|| ended = Some(kind(&log, way)));
            assert_eq!(log.take(), ["enter", how], "{way:?} in {name}");
            let expected = match way {
                End => Some(Ok((2, true))),
                Question => Some(Err(failure("body"))),
                Return => Some(Ok((1, false))),
                Break | Continue => Some(Ok((2, false))),
                Panic | PanicInExit | PanicInBoth => None,
            };
            assert_eq!(ended, expected, "{way:?} in {name}");
            let thrown =
                [Panic, PanicInBoth].contains(&way).then_some("body").or((way == PanicInExit).then_some("exit"));
            assert_eq!(panic.as_deref(), thrown, "{way:?} in {name}");
        }
    }
}

async fn async_closure(log: &Log) -> Result<(), Failure> {
    Slow(log.step("a"))
        .scope_async(async |_| {
            pause().await;
            Ok(())
        })
        .await
}

async fn async_block(log: &Log) -> Result<(), Failure> {
    with!(async Slow(log.step("a")) => { pause().await; });
    Ok(())
}

#[derive(ContextManager)]
#[context(error = Failure)]
struct SlowJob<'a> {
    #[managed(async)]
    slow: Slow<'a>,
}

async fn async_derived(log: &Log) -> Result<(), Failure> {
    with!(async SlowJob { slow: Slow(log.step("a")) } => { pause().await; });
    Ok(())
}

/// Knows whether its generator has been told of the end.
struct Untold<'a>(Option<&'a Log>);

impl Drop for Untold<'_> {
    fn drop(&mut self) {
        if let Some(log) = self.0 {
            log.add("-a: cancelled");
        }
    }
}

#[context_manager]
async fn async_generated(log: &Log) -> Yields<()> {
    pause().await;
    log.add("+a");
    let mut untold = Untold(Some(log));
    let how = yield_!();
    untold.0 = None;
    log.add("-");
    pause().await;
    log.add(format!("-a: {how}"));
}

async fn async_generator(log: &Log) -> Result<(), Failure> {
    with!(async async_generated(log) => { pause().await; });
    Ok(())
}

#[within(async Slow(log.step("a")))]
async fn async_function(log: &Log) -> Result<(), Failure> {
    pause().await;
    Ok(())
}

async fn async_stack(log: &Log) -> Result<(), Failure> {
    let ended = AsyncExitStack::scope(async |stack| {
        stack.enter_async(Slow(log.step("a"))).await?;
        pause().await;
        Ok(())
    });
    ended.await.map(|_| ())
}

/// Cancels it before its first poll, while it enters, in its body, and while it exits; then lets it come to its end.
fn cancelled<'l, F: Future<Output = Result<(), Failure>> + 'l>(
    log: &'l Log,
    run: impl Fn(&'l Log) -> F,
) -> [String; 5] {
    let told = |polls| {
        cancel_after(polls, run(log));
        log.take().join(" ")
    };
    let [before, enter, body, exit] = [0, 1, 2, 3].map(told);
    assert_eq!(block_on(run(log)), Ok(()));
    [before, enter, body, exit, log.take().join(" ")]
}

/// Case G: before the first poll, in the entry, the body and the exit.
#[test]
fn every_cancellation_is_told_once() {
    let expected = ["", "", "+a -a: cancelled", "+a -", "+a - -a: success"].map(str::to_owned);
    let log = Log::default();
    assert_eq!(cancelled(&log, async_closure), expected, "scope_async");
    assert_eq!(cancelled(&log, async_block), expected, "with!");
    assert_eq!(cancelled(&log, async_generator), expected, "#[context_manager]");
    assert_eq!(cancelled(&log, async_derived), expected, "derive(ContextManager)");
    assert_eq!(cancelled(&log, async_function), expected, "#[within]");
    assert_eq!(cancelled(&log, async_stack), expected, "AsyncExitStack");
}
