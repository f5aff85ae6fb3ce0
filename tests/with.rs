//! `with!`: every way out of the block leads through the exit, which sees it.
#![forbid(unsafe_code)]
#![allow(
    clippy::needless_continue,
    clippy::needless_return,
    clippy::never_loop,
    reason = "every way out of a block is taken"
)]

mod awaiting;
mod macros;

use std::cell::RefCell;
use std::io;

use festoon::managers::{callback, closing, suppress};
use festoon::{AsyncExit, AsyncManager, Exit, Guard, Manager, Outcome, OutcomeKind, Verdict, with};

use crate::context_manager::{block_on, cancel_after, is_send, pause};

/// What happened, in order.
#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl Log {
    fn add(&self, event: impl Into<String>) {
        self.0.borrow_mut().push(event.into());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// It can be entered unless its name is empty.
struct Open<'a>(&'a Log, &'static str);

struct Opened<'a>(&'a Log, &'static str, usize);

impl<'a> Manager for Open<'a> {
    type Active = Opened<'a>;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<Opened<'a>> {
        if self.1.is_empty() {
            return Err(io::Error::other("no name"));
        }
        self.0.add(format!("+{}", self.1));
        Ok(Opened(self.0, self.1, 0))
    }
}

impl<E> Exit<E> for Opened<'_> {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        self.0.add(format!("-{}: {}", self.1, how.name()));
        Ok(Verdict::Pass)
    }
}

/// Without entering.
fn opened<'a>(log: &'a Log, name: &'static str) -> Opened<'a> {
    log.add(format!("+{name}"));
    Opened(log, name, 0)
}

/// As a [`Box`] of any error.
type Any<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn leaves(log: &Log, how: &str) -> Any<usize> {
    let value = with!(file = Open(log, "a") => {
        file.2 += 1;
        match how {
            "return" => return Ok(7),
            "return error" => return Err("returned".into()),
            "?" => how.parse::<usize>()?,
            "panic" => panic!("body"),
            _ => file.2,
        }
    });
    log.add("after");
    Ok(value)
}

#[test]
fn the_exit_sees_how_the_body_was_left() {
    let log = Log::default();
    assert_eq!(leaves(&log, "end").unwrap(), 1);
    assert_eq!(log.take(), ["+a", "-a: success", "after"]);
    assert_eq!(leaves(&log, "return").unwrap(), 7);
    assert_eq!(log.take(), ["+a", "-a: success"]);
    assert_eq!(leaves(&log, "return error").unwrap_err().to_string(), "returned");
    assert_eq!(log.take(), ["+a", "-a: error"]);
    assert_eq!(leaves(&log, "?").unwrap_err().to_string(), "invalid digit found in string");
    assert_eq!(log.take(), ["+a", "-a: error"]);
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| leaves(&log, "panic"))).is_err());
    assert_eq!(log.take(), ["+a", "-a: panic"]);
}

#[test]
fn loops_around_and_inside() {
    let log = Log::default();
    let mut seen = Vec::new();
    let found = 'outer: loop {
        for n in 0..9 {
            with!(opened(&log, "n") => {
                for m in 0.. {
                    if m == 2 { break }
                    if m == 1 { continue }
                    seen.push((n, m));
                }
                if n == 1 { continue }
                if n == 3 { break 'outer n * 10 }
                if n > 3 { break }
                let inner = 'inner: { if n == 0 { break 'inner 1 } 2 };
                seen.push((n, inner));
            });
            seen.push((n, 100));
        }
    };
    assert_eq!(found, 30);
    assert_eq!(seen, [(0, 0), (0, 1), (0, 100), (1, 0), (2, 0), (2, 2), (2, 100), (3, 0)]);
    assert_eq!(log.take().len(), 8);
}

fn port(log: &Log, text: &str) -> Any<u16> {
    let port: u16 = with!(opened(log, "a") => { text.parse()? });
    with!(opened(log, "b") => { if port == 0 { Err("zero")? } });
    Ok(port)
}

#[test]
fn the_type_of_a_value_behind_a_question_mark_is_found_out_later() {
    let log = Log::default();
    assert_eq!((port(&log, "80").ok(), port(&log, "0").ok(), port(&log, "x").ok()), (Some(80), None, None));
    assert_eq!(log.take()[6..], ["+b", "-b: error", "+a", "-a: error"]);
}

fn both(log: &Log, second: &'static str, text: &str) -> Any<i32> {
    Ok(with!(a = Open(log, "a"), b = Open(log, second) => {
        a.2 += b.2;
        text.parse::<i32>()? + 1
    }))
}

#[test]
fn several_managers_are_entered_in_order_and_exited_in_reverse() {
    let log = Log::default();
    assert_eq!(both(&log, "b", "3").unwrap(), 4);
    assert_eq!(log.take(), ["+a", "+b", "-b: success", "-a: success"]);
    assert!(both(&log, "b", "x").is_err());
    assert_eq!(log.take(), ["+a", "+b", "-b: error", "-a: error"]);
    assert_eq!(both(&log, "", "3").unwrap_err().to_string(), "no name");
    assert_eq!(log.take(), ["+a", "-a: error"], "the first is told why the second could not be entered");
}

#[test]
fn nested_blocks_are_left_from_the_inside_out() {
    fn nested(log: &Log, how: u8) -> Any<u8> {
        for turn in 0..3 {
            with!(opened(log, "outer") => {
                let inner = with!(opened(log, "inner") => {
                    match how {
                        0 => return Ok(turn),
                        1 => Err("wrong")?,
                        2 => break,
                        3 => continue,
                        _ => turn + 10,
                    }
                });
                log.add(inner.to_string());
                return Ok(inner);
            });
        }
        Ok(99)
    }
    let log = Log::default();
    let mut told = |how| (nested(&log, how).ok(), log.take().len());
    assert_eq!([0, 1, 2, 3, 4].map(&mut told), [(Some(0), 4), (None, 4), (Some(99), 4), (Some(99), 12), (Some(10), 5)]);
    nested(&log, 1).unwrap_err();
    assert_eq!(log.take(), ["+outer", "+inner", "-inner: error", "-outer: error"]);
}

#[test]
fn a_value_that_is_an_error_is_an_error() {
    fn value(log: &Log, text: &str) -> Result<u8, std::num::ParseIntError> {
        with!(opened(log, "a") => { text.parse() })
    }
    let log = Log::default();
    assert_eq!((value(&log, "1"), value(&log, "x").is_err()), (Ok(1), true));
    assert_eq!(log.take(), ["+a", "-a: success", "+a", "-a: error"]);
}

#[test]
fn functions_that_return_an_option_or_nothing() {
    fn first(log: &Log, list: &[u8]) -> Option<u8> {
        with!(opened(log, "a") => {
            let first = list.first()?;
            first.checked_add(1)
        })
    }
    fn nothing(log: &Log, stop: bool) {
        with!(opened(log, "a") => {
            if stop {
                return;
            }
        });
        log.add("after");
    }
    let log = Log::default();
    assert_eq!((first(&log, &[1]), first(&log, &[])), (Some(2), None));
    nothing(&log, true);
    nothing(&log, false);
    assert_eq!(log.take().join(" "), "+a -a: success ".repeat(4) + "after");
}

#[test]
fn control_flow_and_polls_have_question_marks_too() {
    use std::ops::ControlFlow;
    use std::task::Poll;
    fn flow(stop: bool) -> ControlFlow<u8> {
        with!(callback(|_| ()) => {
            if stop { ControlFlow::Break(3)? }
        });
        ControlFlow::Continue(())
    }
    fn poll(error: bool) -> Poll<Result<u8, String>> {
        with!(callback(|_| ()) => {
            let polled: Poll<Result<u8, &str>> = Poll::Ready(if error { Err("wrong") } else { Ok(1) });
            polled?.map(Ok)
        })
    }
    assert_eq!((flow(true), flow(false)), (ControlFlow::Break(3), ControlFlow::Continue(())));
    assert_eq!((poll(true), poll(false)), (Poll::Ready(Err("wrong".to_owned())), Poll::Ready(Ok(1))));
}

#[test]
fn closures_async_blocks_and_items_keep_their_own_ways() {
    fn run(log: &Log) -> Any<i32> {
        let mut told = Vec::new();
        let sum = with!(callback(|how: OutcomeKind| told.push(how)) => {
            fn item() -> Option<i32> {
                let one = Some(1)?;
                return Some(one);
            }
            let closure = |text: &str| -> Any<i32> {
                if text.is_empty() { return Ok(0) }
                Ok(text.parse()?)
            };
            let future = async {
                let two: i32 = "2".parse()?;
                Any::Ok(two)
            };
            const THREE: i32 = const { loop { break 3 } };
            item().unwrap_or(0) + closure("")? + closure("10")? + futures::executor::block_on(future)? + THREE
        });
        log.add(format!("{told:?}"));
        Ok(sum)
    }
    let log = Log::default();
    assert_eq!(run(&log).unwrap(), 16);
    assert_eq!(log.take(), ["[Success]"]);
}

#[test]
fn a_swallowed_error_goes_on_behind_the_block() {
    fn read(log: &Log, how: &str) -> Result<usize, std::num::ParseIntError> {
        let value = with!(opened(log, "a"), suppress(|_| how == "x") => { how.parse::<usize>()? } else { 100 });
        log.add("after");
        Ok(value)
    }
    let log = Log::default();
    assert_eq!((read(&log, "x"), read(&log, "1")), (Ok(100), Ok(1)));
    assert!(read(&log, "y").is_err());
    let good = ["+a", "-a: success", "after"];
    assert_eq!(log.take(), [&good[..], &good, &["+a", "-a: error"]].concat());
}

/// It fails, or replaces the error.
struct Strict(bool);

impl Exit<String> for Strict {
    fn exit(self, how: Outcome<'_, String>) -> Result<Verdict<String>, String> {
        match how {
            Outcome::Error(error) if self.0 => Ok(Verdict::Replace(format!("instead of {error}"))),
            Outcome::Success => Err("exit".to_owned()),
            _ => Err("lost".to_owned()),
        }
    }

    fn suppressed(error: &mut String, cleanup: String) {
        error.push_str(&cleanup);
    }
}

#[test]
fn the_error_of_the_body_wins_unless_it_is_replaced() {
    let run = |replaces, fails| -> Result<u8, String> {
        with!(Strict(replaces) => {
            if fails { Err("body ")? }
            1
        });
        Ok(2)
    };
    assert_eq!(run(true, true), Err("instead of body ".to_owned()));
    assert_eq!(run(false, true), Err("body lost".to_owned()));
    assert_eq!(run(false, false), Err("exit".to_owned()));
}

#[test]
fn the_return_type_can_be_given_where_it_is_not_known_yet() {
    let log = Log::default();
    let future = async {
        with!(opened(&log, "a") => -> Result<(), std::num::ParseIntError> { "x".parse::<u8>()?; });
        Ok(())
    };
    assert!(futures::executor::block_on(future).is_err());
    let closure = || {
        with!(opened(&log, "a") => -> u8 { if log.0.borrow().len() > 4 { return 1 } });
        2
    };
    assert_eq!((closure(), closure()), (2, 1));
}

#[test]
fn places_outside_are_moved_assigned_and_borrowed() {
    let (text, late, mut count) = (String::from("moved"), (), 0);
    let number;
    with!(list = closing(vec![1], drop) => {
        number = list.len();
        count += 1;
        drop(text);
        late
    });
    assert_eq!((number, count), (1, 1));
}

#[derive(Guard)]
#[guard(exit = Self::end)]
struct Plain<'a>(&'a Log);

impl Plain<'_> {
    fn end(&mut self, how: OutcomeKind) {
        self.0.add(how.name());
    }
}

/// Of the whole function: `self`, generics, a lifetime, a boxed output.
trait Shape {
    fn shape<'a, T: Clone + 'a>(&'a mut self, value: &'a T) -> Any<Box<dyn Fn() -> T + 'a>>;
}

impl Shape for Log {
    fn shape<'a, T: Clone + 'a>(&'a mut self, value: &'a T) -> Any<Box<dyn Fn() -> T + 'a>> {
        with!(guard = Plain(self) => {
            guard.0.add("body");
            return Ok(Box::new(|| value.clone()));
        })
    }
}

#[test]
fn a_derived_guard_is_told_and_outputs_are_coerced() {
    let mut log = Log::default();
    assert_eq!(log.shape(&3).unwrap()(), 3);
    assert_eq!(log.take(), ["body", "success"]);
}
