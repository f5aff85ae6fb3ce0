//! Each ordered pair of options of `#[retry]`, on a sync and an async function, compared with a model of what they do.

use std::cell::RefCell;
use std::time::Duration;

use festoon::{Budget, TimedOut, retry, testing};
use futures::executor::block_on;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Soft,
    Hard,
    TimedOut,
}

impl From<TimedOut> for Fault {
    fn from(_: TimedOut) -> Self {
        Fault::TimedOut
    }
}

impl Fault {
    fn hint(self) -> Option<Duration> {
        (self == Fault::Soft).then_some(Duration::from_secs(7))
    }
}

/// What a call did.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    bodies: u32,
    clones: bool,
    resets: u32,
    befores: u32,
    afters: u32,
    before_sleeps: u32,
}

/// Never exhausted.
static AMPLE: Budget = Budget::new(1.0).floor(1_000_000);

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

fn seen(change: impl FnOnce(&mut Seen)) {
    SEEN.with_borrow_mut(change);
}

/// Tells when it is cloned.
struct Text;

impl Clone for Text {
    fn clone(&self) -> Self {
        seen(|seen| seen.clones = true);
        Text
    }
}

/// The attempt of this number.
fn attempt(_: &Text, number: usize) -> Result<u32, Fault> {
    seen(|seen| seen.bodies += 1);
    match number {
        1 => Err(Fault::Soft),
        2 => Ok(2),
        3 => Err(Fault::Hard),
        _ => Ok(4),
    }
}

/// How each call should end: its value, its sleeps as far as they are known, and what it did.
fn expected(options: &[&str]) -> (Result<u32, Fault>, Vec<Option<Duration>>, Seen) {
    let has = |name: &str| options.contains(&name);
    let (mut sleeps, mut elapsed, mut done) = (Vec::new(), Duration::ZERO, Seen::default());
    let attempts = if has("attempts") { 4 } else { 3 };
    let give_up = |value| if has("on_give_up") { Ok(99) } else { value };
    done.clones = has("clone");
    for number in 1..=attempts {
        done.bodies += 1;
        done.befores += u32::from(has("before"));
        done.afters += u32::from(has("after"));
        let value = match number {
            1 => Err(Fault::Soft),
            2 => Ok(2),
            3 => Err(Fault::Hard),
            _ => Ok(4),
        };
        let is_final = match value {
            Ok(value) => value > 2 || !has("until"),
            Err(error) => has("when") && error == Fault::Hard,
        };
        if is_final {
            return (value, sleeps, done);
        }
        let computed = match (has("wait"), has("jitter")) {
            (true, _) => Some(Duration::from_secs(1)),
            (false, true) => Some(Duration::from_millis(100 << (number - 1))),
            (false, false) => None,
        };
        let hinted = value.err().filter(|_| has("wait_hint")).and_then(Fault::hint);
        let wait = hinted.or(computed);
        // A wait of unknown length is below 200 ms.
        let is_late = has("within") && elapsed + wait.unwrap_or_default() > Duration::from_millis(500);
        if number == attempts || is_late {
            return (give_up(value), sleeps, done);
        }
        done.before_sleeps += u32::from(has("before_sleep"));
        done.resets += u32::from(has("reset"));
        elapsed += wait.unwrap_or_default();
        sleeps.push(wait);
    }
    unreachable!("the last attempt returns")
}

fn check(options: &[&str], call: impl FnOnce() -> Result<u32, Fault>) {
    SEEN.take();
    let clock = testing::clock();
    let value = call();
    let (expected, waits, done) = expected(options);
    assert_eq!((value, SEEN.take()), (expected, done), "{options:?}");
    let sleeps = clock.sleeps();
    assert_eq!(sleeps.len(), waits.len(), "{options:?}: {sleeps:?}");
    for (slept, wait) in sleeps.iter().zip(waits) {
        let is_right = wait.map_or(*slept < Duration::from_millis(200), |wait| *slept == wait);
        assert!(is_right, "{options:?}: {sleeps:?}");
    }
}

/// Each option with all others.
macro_rules! pairs {
    ($kind:ident: $($list:tt)*) => { pairs! { @ $kind [] $($list)* } };
    (@ $kind:ident [$($done:tt)*]) => {};
    (@ $kind:ident [$($done:tt)*] $name:ident $option:tt $($rest:tt)*) => {
        pairs! { @@ $kind $name $option [$($done)* $($rest)*] }
        pairs! { @ $kind [$($done)* $name $option] $($rest)* }
    };
    (@@ $kind:ident $name:ident $option:tt [$($other:ident $more:tt)*]) => {
        #[test]
        fn $name() {
            $( $kind! { $name $option $other $more } )*
        }
    };
}

macro_rules! plain {
    ($one:ident [$($option:tt)*] $other:ident [$($more:tt)*]) => {{
        #[retry($($option)*, $($more)*, keep(list))]
        fn call(text: Text, mut list: Vec<u8>) -> Result<u32, Fault> {
            list.push(0);
            attempt(&text, list.len())
        }
        check(&[stringify!($one), stringify!($other)], || call(Text, Vec::new()));
    }};
}

macro_rules! later {
    ($one:ident [$($option:tt)*] $other:ident [$($more:tt)*]) => {{
        #[retry(keep(list), $($option)*, $($more)*)]
        async fn call(text: Text, mut list: Vec<u8>) -> Result<u32, Fault> {
            list.push(0);
            std::future::ready(()).await;
            attempt(&text, list.len())
        }
        check(&[stringify!($one), stringify!($other)], || block_on(call(Text, Vec::new())));
    }};
}

mod on_a_plain_function {
    use super::*;

    pairs! {
        plain:
        attempts [attempts = 4]
        wait [wait = fixed(1s)]
        jitter [jitter = none]
        within [within = 500ms]
        when [when = |error: &Fault| *error == Fault::Soft]
        until [until = |value: &u32| *value > 2]
        wait_hint [wait_hint = |error: &Fault| error.hint()]
        budget [budget = AMPLE]
        clone [clone(text)]
        reset [reset(seen(|seen| seen.resets += 1))]
        before [before = |_| seen(|seen| seen.befores += 1)]
        after [after = |_| seen(|seen| seen.afters += 1)]
        before_sleep [before_sleep = |_, _| seen(|seen| seen.before_sleeps += 1)]
        on_give_up [on_give_up = |_| Ok(99)]
    }
}

mod on_an_async_function {
    use super::*;

    pairs! {
        later:
        attempts [attempts = 4]
        wait [wait = fixed(1s)]
        jitter [jitter = none]
        within [within = 500ms]
        timeout [timeout = 10s]
        when [when = |error: &Fault| *error == Fault::Soft]
        until [until = |value: &u32| *value > 2]
        wait_hint [wait_hint = |error: &Fault| error.hint()]
        budget [budget = AMPLE]
        clone [clone(text)]
        reset [reset(seen(|seen| seen.resets += 1))]
        before [before = async |_| seen(|seen| seen.befores += 1)]
        after [after = |_| seen(|seen| seen.afters += 1)]
        before_sleep [before_sleep = async |_, _| seen(|seen| seen.before_sleeps += 1)]
        on_give_up [on_give_up = |_| Ok(99)]
    }
}
