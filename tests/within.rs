//! `#[within]`: every call runs inside a context manager, at its place in a stack.
#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::io;

use festoon::managers::callback;
use festoon::{AsyncExit, AsyncManager, Exit, Manager, Outcome, Verdict, cached, decorate, retry, within};

use crate::context_manager::{Log, block_on, cancel_after, is_send, pause};

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn add(event: impl Into<String>) {
    LOG.with_borrow_mut(|log| log.push(event.into()));
}

fn taken() -> Vec<String> {
    LOG.take()
}

/// It can be entered unless its name is empty.
struct Open<'a>(&'a str);

struct Opened(String);

impl Manager for Open<'_> {
    type Active = Opened;
    type EnterError = io::Error;

    fn enter(self) -> io::Result<Opened> {
        if self.0.is_empty() {
            return Err(io::Error::other("no name"));
        }
        add(format!("+{}", self.0));
        Ok(Opened(self.0.to_owned()))
    }
}

impl<E> Exit<E> for Opened {
    fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        add(format!("-{}: {}", self.0, how.name()));
        Ok(Verdict::Pass)
    }
}

fn opened(name: &str) -> Opened {
    add(format!("+{name}"));
    Opened(name.to_owned())
}

#[within(Open(name))]
fn parse(name: &str, text: &str) -> io::Result<u32> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse().map_err(io::Error::other)
}

#[test]
fn the_exit_is_told_how_the_call_ended() {
    assert_eq!((parse("a", "").unwrap(), parse("a", "7").unwrap(), parse("a", "x").is_err()), (0, 7, true));
    assert_eq!(taken(), ["+a", "-a: success", "+a", "-a: success", "+a", "-a: error"]);
    assert_eq!(parse("", "7").unwrap_err().to_string(), "no name");
    assert_eq!(taken(), [""; 0]);
}

#[within(opened("call"))]
fn panics() {
    panic!("body");
}

#[within(opened("call"))]
#[allow(clippy::elidable_lifetime_names, reason = "it is the shape that is tried")]
fn length<'a, T: AsRef<str> + ?Sized>(text: &'a T, (a, mut b): (u8, u8)) -> impl Iterator<Item = char> + 'a {
    b += a;
    text.as_ref().chars().skip(usize::from(b))
}

#[test]
fn any_function_can_have_one() {
    assert!(std::panic::catch_unwind(panics).is_err());
    assert_eq!(length("abcd", (1, 1)).collect::<String>(), "cd");
    assert_eq!(taken(), ["+call", "-call: panic", "+call", "-call: success"]);
}

struct Account {
    balance: i64,
}

impl Account {
    #[within(opened("withdraw"))]
    fn withdraw(&mut self, amount: i64) -> Result<i64, String> {
        self.balance -= amount;
        if self.balance < 0 {
            Err("empty")?;
        }
        Ok(self.balance)
    }
}

#[within(opened(&"d".repeat(depth)))]
fn recursive(depth: usize) -> usize {
    if depth == 0 { 0 } else { recursive(depth - 1) + 1 }
}

#[test]
fn methods_and_recursion() {
    let mut account = Account { balance: 5 };
    assert_eq!((account.withdraw(3), account.withdraw(3)), (Ok(2), Err("empty".to_owned())));
    assert_eq!(taken(), ["+withdraw", "-withdraw: success", "+withdraw", "-withdraw: error"]);
    assert_eq!((recursive(10), taken().len()), (10, 22), "a manager is made for each call");
}

fn passing(next: impl FnOnce(u32) -> Result<u32, String>, id: u32) -> Result<u32, String> {
    add("next");
    next(id)
}

#[within(opened("all"))]
#[cached(key = id)]
#[retry(attempts = 2, wait = fixed(1ns))]
#[within(opened("first"))]
#[decorate(passing)]
#[within(opened("second"))]
fn fetch(id: u32) -> Result<u32, String> {
    if id == 0 { Err("zero".to_owned()) } else { Ok(id) }
}

#[test]
fn in_a_stack_it_stands_where_it_is_written() {
    let _caches = festoon::testing::fresh_caches();
    let _clock = festoon::testing::clock();
    let one =
        |how: &str| ["+first", "next", "+second", &format!("-second: {how}"), &format!("-first: {how}")].join(" ");
    assert_eq!((fetch(1), fetch(1)), (Ok(1), Ok(1)));
    assert_eq!(taken().join(" "), format!("+all {} -all: success +all -all: success", one("success")));
    assert!(fetch(0).is_err());
    assert_eq!(taken().join(" "), format!("+all {0} {0} -all: error", one("error")));
}

struct Pool<'a>(&'a Log);
struct Connection<'a>(&'a Log);

impl<'a> AsyncManager for Pool<'a> {
    type Active = Connection<'a>;
    type EnterError = io::Error;

    async fn enter(self) -> io::Result<Connection<'a>> {
        pause().await;
        self.0.add("+");
        Ok(Connection(self.0))
    }
}

impl<E: Send> AsyncExit<E> for Connection<'_> {
    async fn exit(self, how: Outcome<'_, E>) -> Result<Verdict<E>, E> {
        pause().await;
        self.0.add(format!("-{}", how.name()));
        Ok(Verdict::Pass)
    }

    fn cancelled(self) {
        self.0.add("-cancelled");
    }
}

#[within(async Pool(log))]
#[within(callback(|how| log.add(how.name())))]
async fn asking(log: &Log, text: &str) -> io::Result<u8> {
    pause().await;
    text.parse().map_err(io::Error::other)
}

#[test]
fn an_async_body_stays_inside() {
    let log = Log::default();
    assert_eq!(block_on(is_send(asking(&log, "1"))).unwrap(), 1);
    assert_eq!(log.take(), ["+", "success", "-success"]);
    assert!(block_on(asking(&log, "x")).is_err());
    assert_eq!(log.take(), ["+", "error", "-error"]);
    let told = |polls| {
        cancel_after(polls, asking(&log, "1"));
        log.take().join(" ")
    };
    assert_eq!([0, 1, 2, 3].map(told), ["", "", "+ cancelled -cancelled", "+ success"]);
}
